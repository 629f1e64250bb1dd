import Catalog
import Digests
import Foundation
import PolicyFiles
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// What happens once, when the control plane takes over a folder.
struct Takeover: Sendable {
    let stores: OpenStores
    let now: Timestamp

    /// Records what killed the process before, quarantines the weights that did, and brings the shipped documents into
    /// the log.
    ///
    /// - Returns: What the operator should know, one line each.
    func run() async throws -> [String] {
        let loading = Set(try stores.markers.unfinished().compactMap(\.version))
        var notes = try await stores.servingMarkers.recordCrashes(stores.catalog, loading: loading, now: now)
        notes += try await followLoadMarkers()
        try await applyShippedDocuments()
        return notes
    }

    /// Compares the tables with the log, before anybody is let in by them. Tables that differ are made again: the log is what
    /// was decided, and its chain was checked before.
    ///
    /// - Returns: What differed, to be said.
    static func tables(of catalog: Catalog) async throws -> [StoreNotice] {
        guard try await catalog.read({ try $0.head().seq }) <= comparedAtStart else { return [] }
        let comparison = try await catalog.compareTables()
        guard !comparison.isEqual else { return [] }
        if !comparison.changed.isEmpty { _ = try await catalog.rebuild() }
        return comparison.differences.map { difference in
            StoreNotice(.impaired, "the tables were not what the log says, and were made again from it: \(difference)")
        }
    }

    /// The most events that are replayed beside the tables before a server answers; longer logs are compared by the maintenance
    /// right after the start.
    static let comparedAtStart = 5000

    /// Records that loading these weights ended the process, and says so.
    private func quarantine(_ marker: LoadMarker) async throws -> String {
        let what = marker.version?.description ?? "a version of \(marker.model) that was being published"
        let reason = "the server process ended while it loaded \(what) at \(marker.since)"
        if let version = marker.version {
            _ = try await stores.catalog.append(actor: Caller.system.name.text, time: now) { state in
                guard let record = try state.version(version), record.quarantined == nil else { return [] }
                return [.versionQuarantined(VersionQuarantined(id: version, reason: reason))]
            }
        }
        return "\(reason); it is quarantined and will not be loaded again"
    }

    /// Follows up loads that never came to an end: their weights are quarantined.
    ///
    /// Weights of a release that is watched get a second chance: the second crash takes the channel back, and a channel
    /// without anything that can be loaded would answer nothing until then.
    private func followLoadMarkers() async throws -> [String] {
        var notes: [String] = []
        let spared = try await stores.catalog.read { state in
            try state.activeRollouts().filter { $0.crashes < 2 && $0.from != nil }
                .compactMap { try state.release($0.release)?.version }
        }
        for marker in try stores.markers.unfinished() {
            if let version = marker.version, spared.contains(version) {
                stores.markers.end(marker.weights)
                continue
            }
            // First the log, then the marker: a process that ends in between does it again at its next start.
            notes.append(try await quarantine(marker))
            try stores.markers.quarantine(marker)
        }
        return notes
    }

    /// Brings the policies and SLOs that come with the binary into the log; one of the user's is never replaced.
    private func applyShippedDocuments() async throws {
        let files = ShippedPolicies.files
        _ = try await stores.catalog.append(actor: Caller.system.name.text, time: now) { state in
            var events: [RegistryEvent] = []
            for file in files {
                for document in try Document.parse(file.text, file: file.name) {
                    let kind: DocumentKind, name: Name, digests: [Digest]
                    switch document {
                    case .policy(let policy): (kind, name, digests) = (.policy, policy.name, try policy.digests())
                    case .slo(let slo): (kind, name, digests) = (.slo, slo.name, try slo.digests())
                    case .canary, .prompt: continue
                    }
                    let newest = try state.document(kind, name)
                    guard newest.map({ $0.shipped && !digests.contains($0.digest) }) ?? true else { continue }
                    events.append(
                        .documentApplied(
                            DocumentApplied(
                                kind: kind,
                                name: name,
                                revision: (newest?.revision ?? 0) + 1,
                                digest: digests[0],
                                source: file.text,
                                shipped: true
                            )
                        )
                    )
                }
            }
            return events
        }
    }
}

/// The policies that come with the binary.
enum ShippedPolicies {
    /// A file and its text.
    struct File: Sendable {
        let name: String
        let text: String
    }

    /// The files in the order of their names.
    static var files: [File] {
        (0..<policy_file_count()).compactMap { index in
            let file = policy_file_at(index)
            guard let name = file.name, let bytes = file.bytes else { return nil }
            return File(
                name: String(cString: name),
                text: String(decoding: UnsafeBufferPointer(start: bytes, count: file.size), as: UTF8.self)
            )
        }
    }
}
