import Synchronization

/// A clock that stands still while its owner makes room for live requests, so that what is measured with it is the work
/// and not the waiting.
final class YieldingClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private let live: LiveLoad?
    private let paused = Mutex(Duration.zero)
    let minimumResolution = ContinuousClock().minimumResolution

    /// - Parameter live: requests that go first; nil for a clock that never stands still.
    init(_ live: LiveLoad?) { self.live = live }

    var now: Instant { ContinuousClock.now - pausedDuration }

    /// How long it stood still.
    var pausedDuration: Duration { paused.withLock { $0 } }

    /// Pauses while there are live requests.
    func yield() {
        guard let live, live.count > 0 else { return }
        let pause = live.pause()
        paused.withLock { $0 += pause }
    }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try await ContinuousClock().sleep(until: deadline + pausedDuration, tolerance: tolerance)
    }
}
