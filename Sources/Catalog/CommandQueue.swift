import Synchronization

/// Commands that wait for the writer, and whether one is at work. At most one task writes at a time.
final class CommandQueue: Sendable {
    private struct State {
        var waiting: [Command] = []
        var taken = 0
        var writer: Task<Void, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Adds `command`; when nobody is writing, `start` makes the task that will, which the queue then owns.
    ///
    /// - Returns: False when the queue is closed; the command was not taken then.
    func add(_ command: Command, start: () -> Task<Void, Never>) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.waiting.append(command)
            if state.writer == nil { state.writer = start() }
            return true
        }
    }

    /// The next command, for a transaction that is open; nil when none waits.
    func next() -> Command? {
        state.withLock { state in
            guard state.taken < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.taken = 0
                return nil
            }
            defer { state.taken += 1 }
            return state.waiting[state.taken]
        }
    }

    /// Whether the writer has more to do; when not, it is no longer the writer.
    func hasMore() -> Bool {
        state.withLock { state in
            if state.taken < state.waiting.count { return true }
            state.writer = nil
            return false
        }
    }

    /// Takes no more commands; returns the writer that still works, to be waited for.
    func close() -> Task<Void, Never>? {
        state.withLock { state in
            state.isClosed = true
            return state.writer
        }
    }
}
