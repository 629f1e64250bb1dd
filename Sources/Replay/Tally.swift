import Synchronization

/// What the lanes of a run share: which piece of work is next, and how many are done.
final class Tally: Sendable {
    private struct State {
        var next = 0
        var done: Int
        var lastDone: ContinuousClock.Instant
    }

    private let state: Mutex<State>
    private let count: Int

    /// A tally of `count` pieces that are to be done, after `done` that were done before.
    init(count: Int, done: Int = 0, start: ContinuousClock.Instant) {
        self.count = count
        state = Mutex(State(done: done, lastDone: start))
    }

    /// The index of the next piece; nil when all are taken.
    func take() -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// Counts a piece as done: how many are done now, and the seconds since the one before was done.
    func finish(at now: ContinuousClock.Instant) -> (done: Int, sinceLastSeconds: Double) {
        state.withLock { state in
            state.done += 1
            defer { state.lastDone = max(state.lastDone, now) }
            return (state.done, max(0, state.lastDone.duration(to: now) / .seconds(1)))
        }
    }
}
