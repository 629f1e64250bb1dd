import Artifacts
import Catalog
import Digests
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization
import WireFormat
import Wording

/// Reads stored bytes again, a part at each turn of the maintenance, so that what a disk damaged is known before somebody needs
/// it. One turn reads at most 256 MiB and one file more (about 0.2 s of one core): some 36 GiB a day.
///
/// Damaged bytes are out of use from then on, and an incident of their model says so; it ends when the right ones are stored.
final class BlobScrub: Sendable {
    private let blobs: BlobStore
    private let ledger: Ledger
    private let notices: StoreNotices
    private let logger: Logger
    private let reading: BlobReading
    /// The digest that was read last; nil before the first, and after the last.
    private let last = Mutex<Digest?>(nil)

    /// Bytes after which a turn ends.
    private static let bytesAtOnce: Int64 = 256 << 20
    /// Files after which a turn ends.
    private static let filesAtOnce = 500

    init(blobs: BlobStore, ledger: Ledger, notices: StoreNotices, logger: Logger) {
        self.blobs = blobs
        self.ledger = ledger
        self.notices = notices
        self.logger = logger
        reading = BlobReading(blobs: blobs)
    }

    /// Reads the next part, and ends the incidents whose bytes are stored again.
    func step() async {
        do {
            let last = last.withLock(\.self)
            let known = try await ledger.read { try $0.blobs(after: last, limit: Self.filesAtOnce) }
            for blob in next(of: known) {
                do throws(ArtifactsError) {
                    try await reading.requireSound([blob])
                } catch {
                    switch error {
                    case .missing, .damaged: try await note(blob, error)
                    case .folderInUse, .foreignFolder, .readOnly, .symbolicLink, .notAFolder, .uploadInProgress,
                        .tooMuchUnfinished, .badSize, .tooManyBytes, .incomplete,
                        .wrongDigest, .tooLarge, .diskFull, .system:
                        logger.warning("stored bytes cannot be read", metadata: ["error": "\(error)"])
                    }
                }
            }
            try await endIncidents()
        } catch {
            logger.warning("stored bytes cannot be looked at", metadata: ["error": "\(error)"])
        }
    }

    /// The blobs of this turn, of those that come next, in the order of their digests.
    private func next(of known: [(digest: Digest, sizeBytes: Int64)]) -> [Digest] {
        var bytes: Int64 = 0
        let part = known.prefix { blob in
            defer { bytes += blob.sizeBytes }
            return bytes < Self.bytesAtOnce
        }
        let isLast = part.count == known.count && known.count < Self.filesAtOnce
        last.withLock { $0 = isLast ? nil : part.last?.digest }
        return part.map(\.digest)
    }

    /// Opens an incident for bytes that somebody wanted and that are not as they were stored.
    func found(_ digest: Digest, _ error: ArtifactsError) async {
        do { try await note(digest, error) } catch {
            logger.warning("that stored bytes are damaged cannot be written", metadata: ["error": "\(error)"])
        }
    }

    private func note(_ digest: Digest, _ error: ArtifactsError) async throws {
        logger.error("stored bytes are damaged", metadata: ["error": "\(error)"])
        let isDamaged = if case .damaged = error { true } else { false }
        let what = isDamaged ? "are damaged on disk and were moved to the folder trash" : "are not on disk any more"
        let versions = try await ledger.read { try $0.versionIDs(holding: digest) }
        guard let first = versions.first else {
            return notices.add(
                StoreNotice(
                    .impaired,
                    "bytes that the log names (\(digest.short)) \(what)",
                    next: "put them back from a copy"
                )
            )
        }
        let names = versions.map(\.description).joined(separator: ", ")
        let fact = "\(digest) of \(names)"
        try await ledger.append(by: .system, urgency: .incident) { state in
            let isLive = try state.channels().contains { channel in
                try state.release(ReleaseID(channel.model, channel.release)).map { versions.contains($0.version) }
                    ?? false
            }
            let severity: IncidentSeverity = isLive ? .page : .ticket
            if let open = try state.openIncident(first.name, .store, in: nil) {
                guard !open.facts.contains(fact) else { return Change([]) }
                let text = "more bytes of \(names) \(what)"
                return Change([
                    .incidentUpdated(
                        IncidentUpdated(
                            id: open.id,
                            text: text,
                            severity: severity == .page ? .page : open.severity,
                            facts: open.facts + [fact]
                        )
                    )
                ])
            }
            let opened = IncidentOpened(
                id: try state.nextIncidentID(),
                model: first.name,
                family: .store,
                severity: severity,
                title: "bytes of \(first) \(isDamaged ? "are damaged" : "are missing")",
                sentence: "bytes of \(names) \(what): it cannot be loaded again until they are published once more",
                facts: [fact],
                lastMoves: []
            )
            return Change([.incidentOpened(opened)])
        }
    }

    /// Closes the incidents of which every file is stored again: what is stored was verified on its way in.
    private func endIncidents() async throws {
        let open = try await ledger.read { try $0.incidents(isOpen: true, families: [.store], limit: 1000) }
        for incident in open {
            let digests = incident.facts.compactMap { try? Digest(String($0.utf8.prefix(71)) ?? "") }
            guard !digests.isEmpty, digests.allSatisfy({ blobs.contains($0) }) else { continue }
            try await ledger.append(by: .system) { state in
                guard try state.incident(incident.id)?.closedAt == nil else { return Change([]) }
                let closed = IncidentClosed(id: incident.id, reason: "the right bytes are stored again")
                return Change([.incidentClosed(closed)])
            }
        }
    }
}
