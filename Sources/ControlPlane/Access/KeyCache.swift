import Digests
import Synchronization

/// The callers behind tokens seen lately, so that a request does not ask the database who sends it.
///
/// Emptied whenever a key is made or revoked. An answer that was read before and comes after that is not kept.
final class KeyCache: Sendable {
    private struct State {
        var callers: [Digest: Caller] = [:]
        var generation = 0
    }

    private let state = Mutex(State())
    /// Callers that are kept.
    private static let limit = 1000

    /// The caller whose token has this hash, when it was seen lately; and what to give to ``keep(_:_:generation:)``.
    func caller(_ hash: Digest) -> (caller: Caller?, generation: Int) {
        state.withLock { ($0.callers[hash], $0.generation) }
    }

    /// Keeps a caller, unless keys changed since `generation`.
    func keep(_ caller: Caller, _ hash: Digest, generation: Int) {
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.callers.count >= Self.limit { state.callers = [:] }
            state.callers[hash] = caller
        }
    }

    /// Forgets everybody.
    func clear() {
        state.withLock { state in
            state.callers = [:]
            state.generation += 1
        }
    }
}
