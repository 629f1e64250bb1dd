import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization
import WireFormat

/// Opens an incident when a live release cannot be loaded, and says in it when it answers again. A person closes it; one that
/// is closed is not opened again for the same move of the channel until the release answered in between.
final class UnloadedFollower: Sendable {
    private let ledger: Ledger
    private let unloaded: UnloadedReleases
    private let logger: Logger
    /// What the log has been told.
    private let told = Mutex<[UnloadedRelease]?>(nil)
    /// What kept the last step from writing: it is logged once, not each second.
    private let problem = Mutex<String?>(nil)

    init(ledger: Ledger, unloaded: UnloadedReleases, logger: Logger) {
        self.ledger = ledger
        self.unloaded = unloaded
        self.logger = logger
    }

    /// The channels whose live release does not answer now.
    var rows: [UnloadedRelease] { unloaded.all }

    /// One step: what cannot be written is tried again in the next one.
    func step() async {
        guard let rows = unloaded.known, told.withLock({ $0 != rows }) else { return }
        do {
            for row in rows { try await tell(row) }
            try await tellEnds(besides: rows)
            told.withLock { $0 = rows }
            problem.withLock { $0 = nil }
        } catch {
            let text = "\(error)"
            let isNew = problem.withLock { known in
                defer { known = text }
                return known != text
            }
            guard isNew else { return }
            logger.error("that a release cannot be loaded cannot be written", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ row: UnloadedRelease) async throws {
        try await ledger.append(by: .system) { state in
            guard let channel = try state.channel(row.model, row.channel), channel.release == row.release else {
                return Change([])
            }
            if let open = try state.openIncident(row.model, .engine, in: row.channel) {
                if try state.saysUnloaded(open, row.release) == true { return Change([]) }
                return Change([.incidentUpdated(IncidentUpdated(id: open.id, text: row.words, severity: .page))])
            }
            for known in try state.incidents(of: row.model, families: [.engine], limit: 20)
            where known.channel == row.channel {
                // One that a person closed stays closed while the same thing stands.
                if try state.saysUnloaded(known, row.release, since: channel.move.seq) == true { return Change([]) }
            }
            let opened = IncidentOpened(
                id: try state.nextIncidentID(),
                model: row.model,
                family: .engine,
                severity: .page,
                title: IncidentRecord.unloadedTitle(row.release),
                sentence: "\(row.words): \(row.why); next: \(row.next)",
                channel: row.channel,
                release: row.release,
                rollout: try state.activeRollout(row.model, row.channel)?.id,
                lastMoves: try state.moves(row.model, row.channel, limit: 5)
            )
            return Change([.incidentOpened(opened)])
        }
    }

    /// Says in the incidents of channels whose live release answers that it is over.
    private func tellEnds(besides rows: [UnloadedRelease]) async throws {
        let standing = Set(rows.map { ReleaseID($0.model, $0.release) })
        let ends: @Sendable (CatalogState) throws -> [RegistryEvent] = { state in
            // Those that are open, however long, and what was closed of late while it stood.
            let recent = try state.incidents(isOpen: false, families: [.engine], limit: 100)
            let open = try state.incidents(isOpen: true, families: [.engine], limit: 1000)
            return try (open + recent).compactMap { incident -> RegistryEvent? in
                guard let release = incident.release,
                    !standing.contains(ReleaseID(incident.model, release)),
                    try state.saysUnloaded(incident, release) == true
                else { return nil }
                let isLive = try incident.channel.flatMap { try state.liveRelease(incident.model, $0) } == release
                let text = "r\(release) " + (isLive ? IncidentRecord.loadedWords : IncidentRecord.replacedWords)
                return incident.closedAt == nil
                    ? .incidentUpdated(IncidentUpdated(id: incident.id, text: text))
                    : .incidentNoted(IncidentNoted(id: incident.id, text: text))
            }
        }
        // Mostly there is nothing to write, and a log that nothing is written to is no trouble then.
        guard try await !ledger.read(.usual, ends).isEmpty else { return }
        try await ledger.append(by: .system) { Change(try ends($0)) }
    }
}

extension IncidentRecord {
    /// What an incident is called that says that a live release cannot be loaded.
    fileprivate static func unloadedTitle(_ release: Int) -> String { "r\(release) cannot be loaded" }

    /// How that ends.
    fileprivate static let loadedWords = "answers again", replacedWords = "is not live any more"
}

extension CatalogState {
    /// Whether an incident says of a release that it cannot be loaded, by what was said last; nil where it says nothing of it.
    ///
    /// - Parameter since: Only what was said after this event counts.
    fileprivate func saysUnloaded(_ incident: IncidentRecord, _ release: Int, since: Int = 0) throws -> Bool? {
        try timeline(of: incident.id).reversed().lazy.filter { $0.seq > since }.compactMap { entry in
            if entry.text.hasPrefix(IncidentRecord.unloadedTitle(release)) { return true }
            let ends = [IncidentRecord.loadedWords, IncidentRecord.replacedWords].map { "r\(release) \($0)" }
            return ends.contains(entry.text) ? false : nil
        }.first
    }
}

/// The channels whose live release was tried and does not answer now, for everybody who tells people about it.
final class UnloadedReleases: Sendable {
    private let rows = Mutex<[UnloadedRelease]?>(nil)

    /// All of them, by model and channel; nil before the first ones were tried.
    var known: [UnloadedRelease]? { rows.withLock { $0 } }

    /// All of them, by model and channel.
    var all: [UnloadedRelease] { known ?? [] }

    /// The one of a channel; nil when its live release answers, or was not tried yet.
    func of(_ model: Name, _ channel: Name) -> UnloadedRelease? {
        all.first { $0.model == model && $0.channel == channel }
    }

    /// Replaces what is known.
    func replace(_ new: [UnloadedRelease]) { rows.withLock { $0 = new } }
}
