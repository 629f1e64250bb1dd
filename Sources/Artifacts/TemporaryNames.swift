import Foundation
import Synchronization

/// Names in `staging/` of files that are written whole and then renamed; each is used once and known while in use.
final class TemporaryNames: Sendable {
    private struct State {
        var last = 0
        var inUse: Set<String> = []
    }

    private let state = Mutex(State())

    func take() -> String {
        state.withLock { state in
            state.last += 1
            let name = "put-\(getpid())-\(state.last)"
            state.inUse.insert(name)
            return name
        }
    }

    func release(_ name: String) { state.withLock { _ = $0.inUse.remove(name) } }

    func isInUse(_ name: String) -> Bool { state.withLock { $0.inUse.contains(name) } }
}
