import Artifacts
public import Foundation
import Synchronization

/// Whether a start makes the data folder, so that one that fails can leave nothing of its own behind, and nothing else out.
public final class StartFolder: Sendable {
    /// Whether the folder was not there, or held nothing that somebody may want back.
    public let isNew: Bool
    private let url: URL
    /// The first of the folders on the way to it that was not there; nil when all were.
    private let firstMade: URL?
    /// How far the start came.
    private let state = Mutex(State.begun)

    private enum State { case begun, owned, served }

    /// Looks at the folder before anything is made.
    public init(_ url: URL) {
        self.url = url.absoluteURL.standardizedFileURL
        isNew = DataFolder.isUnused(url.path)
        var missing: URL?, parent = self.url
        while !FileManager.default.fileExists(atPath: parent.path), parent.path != "/" {
            missing = parent
            parent.deleteLastPathComponent()
        }
        firstMade = missing
    }

    /// This process has the lock of the folder: what is in it is its own.
    func isOwned() { state.withLock { $0 = .owned } }

    /// A server answers from it: from now on somebody may have stored something.
    public func isServed() { state.withLock { $0 = .served } }

    /// Removes what the start made, when nobody got in. Nothing where the folder was there with anything in it, or is that of
    /// another process that began at the same time. Of the folders on the way to it, those that are empty: another server may
    /// have made its own beside it meanwhile.
    public func removeUnlessServed() {
        let state = state.withLock { $0 }
        guard isNew, state != .served else { return }
        if state == .owned, DataFolder.lockOwner(url.path) == getpid() {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            // The lock goes last: until then nobody else takes the folder for his.
            for name in names.filter({ !DataFolder.namesOfNothing.contains($0) }) + [DataFolder.lockName] {
                try? FileManager.default.removeItem(at: url.appending(path: name))
            }
        }
        guard let firstMade else { return }
        var made = url
        while rmdir(made.path) == 0 || errno == ENOENT, made.path != firstMade.path { made.deleteLastPathComponent() }
    }
}
