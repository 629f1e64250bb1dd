import Foundation
import Synchronization

/// Whether a start makes the data folder, so that one that fails can leave nothing behind.
final class StartFolder: Sendable {
    /// Whether the folder was not there, or empty.
    let isNew: Bool
    private let url: URL
    /// The first of the folders on the way to it that was not there; nil when all were.
    private let firstMade: URL?
    /// How far the start came.
    private let state = Mutex(State.begun)

    private enum State { case begun, owned, served }

    init(_ url: URL) {
        self.url = url
        let names = try? FileManager.default.contentsOfDirectory(atPath: url.path)
        isNew = names?.isEmpty ?? !FileManager.default.fileExists(atPath: url.path)
        var missing: URL?, parent = url.absoluteURL.standardizedFileURL
        while !FileManager.default.fileExists(atPath: parent.path), parent.path != "/" {
            missing = parent
            parent.deleteLastPathComponent()
        }
        firstMade = missing
    }

    /// This process has the lock of the folder: what is in it is its own.
    func isOwned() { state.withLock { $0 = .owned } }

    /// A server answers from it: from now on somebody may have stored something.
    func isServed() { state.withLock { $0 = .served } }

    /// Removes what the start made, when nobody got in. Nothing where the folder was there with anything in it, or is that of
    /// another process that began at the same time.
    func removeUnlessServed() {
        guard isNew, state.withLock({ $0 }) == .owned else { return }
        if let firstMade {
            try? FileManager.default.removeItem(at: firstMade)
            return
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] {
            try? FileManager.default.removeItem(at: url.appending(path: name))
        }
    }
}
