import Catalog
import Digests
import DurableFiles
import Foundation
import RegistryRecords
import RegistryTypes

/// What is on disk while a watched release answers a request, so that a restart knows which one ran when the process ended.
///
/// Weights, tokenizer and server are one process: a release that takes all memory, or crashes in a kernel, takes the
/// server with it, and nothing is left to write down why. The marker is written before the request begins and removed
/// when the last one has ended: a release that answers nothing ends no process.
struct ServingMarkers: Sendable {
    private let folder: URL

    /// The markers of a data folder; the folder `serving` is made when it is not there.
    init(folder: URL) throws {
        self.folder = folder.appending(path: "serving", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: self.folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// The rollouts whose release was answering when the process ended without saying so.
    func left() -> Set<RolloutID> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return Set(names.compactMap { try? RolloutID(text: $0) })
    }

    /// Writes the marker of a rollout. It is not synced: it tells of an end of the process, not of the machine.
    ///
    /// - Throws: `FileError`.
    func set(_ id: RolloutID) throws { try DurableFile.replace(url(id).path, with: Data(), isSynced: false) }

    /// Removes the marker of a rollout.
    func clear(_ id: RolloutID) { try? FileManager.default.removeItem(at: url(id)) }

    private func url(_ id: RolloutID) -> URL { folder.appending(path: id.description) }

    /// What tells one crash from another: the markers that it left, with the moments at which they were made.
    private func key(of left: Set<RolloutID>) throws -> IdempotencyKey {
        let marks = left.sorted().map { id in
            let made = (try? url(id).resourceValues(forKeys: [.contentModificationDateKey]))?.contentModificationDate
            return "\(id) \(made?.timeIntervalSince1970 ?? 0)"
        }
        let crash = Data(marks.joined(separator: "\n").utf8)
        return try IdempotencyKey("crash-\(Digest(of: crash).hexadecimal)", for: crash)
    }
}

extension ServingMarkers {
    /// Puts the crash of the process that the markers show into the log, before anything is loaded. It counts against a
    /// release where one watched release was answering: of several, nobody can tell which it was. One that was only being
    /// loaded never ran; see ``LoadMarkers``.
    ///
    /// - Returns: What the operator should know, one line each.
    func recordCrashes(_ catalog: Catalog, now: Timestamp) async throws -> [String] {
        let left = left()
        guard !left.isEmpty else { return [] }
        let crashed: @Sendable (CatalogState) throws -> Change<[ReleaseID]> = { state in
            let rollouts = try state.activeRollouts().filter { left.contains($0.id) }
            let suspects = Set(rollouts.map(\.release)).sorted { ($0.model, $0.number) < ($1.model, $1.number) }
            guard suspects.count == 1 else { return Change([], answer: suspects) }
            let events = rollouts.map { rollout in
                RegistryEvent.releaseCrashed(
                    ReleaseCrashed(
                        id: rollout.release,
                        rollout: rollout.id,
                        why: "the server process ended while it ran \(rollout.release)"
                    )
                )
            }
            return Change(events, answer: suspects)
        }
        // First the log, then the markers: a process that ends in between finds the same ones, made at the same moment, and
        // does not count the crash again.
        let outcome = try await catalog.append(
            actor: Caller.system.name.text,
            time: now,
            idempotencyKey: try key(of: left),
            command: crashed
        )
        for id in left { clear(id) }
        let suspects =
            switch outcome {
            case .now(let appended): appended.answer
            case .before: [ReleaseID]()
            }
        guard let first = suspects.first else { return [] }
        guard suspects.count > 1 else {
            return ["the server process ended while it ran \(first), which is in its probation"]
        }
        let names = suspects.map(\.description).joined(separator: ", ")
        return [
            "the server process ended while it ran \(names), which are in their probation: which of them ended it is "
                + "unknown, so it counts against none"
        ]
    }
}
