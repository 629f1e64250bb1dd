import DurableFiles
import Foundation
import RegistryTypes

/// What is on disk while a watched release answers, so that a restart knows which one ran when the process ended.
///
/// Weights, tokenizer and server are one process: a release that takes all memory, or crashes in a kernel, takes the
/// server with it, and nothing is left to write down why. The marker is written before the release answers its first
/// request and removed by an orderly end.
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

    /// The rollouts that were watched when the process ended without saying so.
    func left() -> Set<RolloutID> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return Set(names.compactMap { try? RolloutID(text: $0) })
    }

    /// Makes the markers those of `rollouts`.
    ///
    /// - Throws: `FileError` when one cannot be written; the others are as they should be then.
    func keep(_ rollouts: Set<RolloutID>) throws {
        for id in left().subtracting(rollouts) { try? FileManager.default.removeItem(at: url(id)) }
        for id in rollouts.subtracting(left()) {
            try DurableFile.replace(url(id).path, with: Data())
        }
    }

    private func url(_ id: RolloutID) -> URL { folder.appending(path: id.description) }
}
