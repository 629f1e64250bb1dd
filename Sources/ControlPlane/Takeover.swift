import Catalog
import Digests
import Foundation
import PolicyFiles
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What happens once, when the control plane takes over a folder.
struct Takeover: Sendable {
    let stores: OpenStores
    let now: Timestamp

    /// Records what ended the process before, follows up the weights that were being loaded then, and brings the shipped
    /// documents into the log.
    ///
    /// - Returns: What the operator should know, one line each.
    func run() async throws -> [String] {
        var notes = try await stores.servingMarkers.recordCrashes(stores.catalog, now: now)
        try await forgetLifted()
        for load in try stores.markers.unfinished() { notes.append(try await follow(load)) }
        try await applyShippedDocuments()
        return notes
    }

    /// Compares the tables with the log, before anybody is let in by them. Tables that differ are made again: the log is what
    /// was decided, and its chain was checked before.
    ///
    /// - Returns: What differed, to be said.
    static func tables(of catalog: Catalog) async throws -> [StoreNotice] {
        guard try await catalog.read(.usual, { try $0.head().seq }) <= comparedAtStart else { return [] }
        let comparison: TableComparison
        do { comparison = try await catalog.compareTables() } catch CatalogError.storage(_, let why) {
            // What cannot be compared is no reason to answer nothing: the maintenance tries again.
            return [StoreNotice(.impaired, "the tables were not compared with the log: \(why)")]
        }
        guard !comparison.isEqual else { return [] }
        _ = try await catalog.rebuild()
        let left = Set(try await catalog.compareTables().differences)
        return comparison.differences.map { difference in
            left.contains(difference)
                ? StoreNotice(
                    .impaired,
                    TableWatch.beginning + difference,
                    next: "stop the server; \(NextStep.serverRebuild) with --data makes them again from the log"
                )
                : StoreNotice(
                    .impaired,
                    "the tables were not what the log says, and were made again from it: \(difference)"
                )
        }
    }

    /// The most events that are replayed beside the tables before a server answers; longer logs are compared by the maintenance
    /// right after the start.
    static let comparedAtStart = 5000

    /// Follows up a load that never came to an end.
    private func follow(_ load: LoadMarkers.Unfinished) async throws -> String {
        let marker = load.marker, courses = stores.channelFile.read()
        let (versions, isOnlyAnswer) = try await stores.catalog.read { state in
            let versions = try state.versions(with: marker)
            return (versions, try state.isOnlyAnswer(Set(versions), besides: marker.weights, courses))
        }
        let what =
            (marker.version ?? versions.first)?.description
            ?? "a version\(marker.model.map { " of \($0)" } ?? "") that was being published"
        let times = load.crashes == 1 ? "" : ", \(load.crashes) times in a row"
        let reason = "the server process ended while it loaded \(what) at \(marker.since)\(times)"
        let lift = NextStep.quarantineLift(versions.first.map { .version($0) } ?? .weights(marker.weights))
        switch LoadCrashRule(crashes: load.crashes, isOnlyAnswer: isOnlyAnswer) {
        case .tryAgain:
            try stores.markers.noteCrash(load)
            return "\(reason); it is tried again, alone"
        case .tryLater:
            try stores.markers.noteCrash(load)
            let pause = NumberText.duration(LoadCrashRule.pauseSeconds(crashes: load.crashes))
            return
                "\(reason); nothing else that settled can answer instead, so that it is tried again in \(pause), or now with: \(lift)"
        case .quarantine:
            // First the log, then the marker: a process that ends in between does it again at its next start.
            _ = try await stores.catalog.append(actor: Caller.system.name.text, time: now) { state in
                try versions.filter { try state.version($0)?.quarantined == nil }
                    .map { .versionQuarantined(VersionQuarantined(id: $0, reason: reason)) }
            }
            try stores.markers.quarantine(load)
            return "\(reason); it is quarantined and will not be loaded again, unless somebody says so: \(lift)"
        }
    }

    /// Forgets quarantines that the log has lifted: a process that ended in between left the file.
    private func forgetLifted() async throws {
        for marker in stores.markers.quarantined() {
            let isLifted = try await stores.catalog.read { state in
                let versions = try state.versions(with: marker)
                return try !versions.isEmpty && versions.allSatisfy { try state.version($0)?.quarantined == nil }
            }
            if isLifted { stores.markers.lift(marker.weights) }
        }
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

extension CatalogState {
    /// The published versions whose weights a marker is of, by model and number.
    func versions(with marker: LoadMarker) throws -> [VersionID] {
        let named = try marker.version.flatMap { try version($0) }
        // Of weights in one file the digest is that of the file; those of several are found by the version that was named.
        let files = try versions(holding: named?.manifest.weights?.files.first?.digest ?? marker.weights)
        return files.filter { $0.manifest.weights?.digest == marker.weights }.map(\.id)
    }

    /// Whether a channel points to a release with one of these versions that answered there, and nothing that settled there
    /// with other weights can answer in its place.
    func isOnlyAnswer(_ versions: Set<VersionID>, besides weights: Digest, _ courses: [ChannelCourse]) throws -> Bool {
        try channels().contains { channel in
            guard let live = try release(ReleaseID(channel.model, channel.release)), versions.contains(live.version)
            else { return false }
            let course = courses.first { $0.key.model == channel.model && $0.key.channel == channel.channel }
            let hasAnswered =
                try hasSettled(live.id, in: channel.channel)
                || course.map { $0.move == channel.move.seq && $0.answered > 0 } ?? false
            return try hasAnswered && fallbacks(for: channel).allSatisfy { $0.plan.weights.digest == weights }
        }
    }

    /// What can answer in the place of the live release of a channel, newest first: what settled there, was not rejected
    /// since, and may be loaded.
    func fallbacks(for channel: ChannelRecord) throws -> [ServingTarget] {
        try settledReleases(channel.model, channel.channel, besides: channel.release)
            .compactMap { try? ServingTarget(ReleaseID(channel.model, $0), in: self) }
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
