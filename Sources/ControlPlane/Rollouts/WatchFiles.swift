import DurableFiles
import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules

/// The checkpoints of watches: `watch/ro-7.json`, replaced as a whole, so that a restart goes on where a watch was.
struct WatchFiles: Sendable {
    private let folder: URL

    /// The checkpoints of a data folder; the folder `watch` is made when it is not there.
    init(folder: URL) throws {
        self.folder = folder.appending(path: "watch", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(
            at: self.folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    /// The watch of a rollout as it was stored, else from its start; and what is wrong with the file, if anything is.
    func watch(_ rollout: RolloutRecord) -> (watch: RolloutWatch, problem: String?) {
        guard let data = try? Data(contentsOf: url(rollout.id)) else { return (RolloutWatch(rollout), nil) }
        do {
            return (try RolloutWatch(rollout, checkpoint: data), nil)
        } catch {
            return (RolloutWatch(rollout), "\(error)")
        }
    }

    /// Stores a watch, each second. It is not synced: a watch that begins again after a power cut costs time and no
    /// safety, and the disk must not hold up the next step.
    func store(_ watch: RolloutWatch) throws {
        try DurableFile.replace(url(watch.rollout).path, with: watch.checkpoint(), isSynced: false)
    }

    /// Removes the files of rollouts that ended.
    func keep(_ active: Set<RolloutID>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let kept = Set(active.map { url($0).lastPathComponent })
        for name in names where !kept.contains(name) {
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    private func url(_ id: RolloutID) -> URL { folder.appending(path: "\(id).json") }
}
