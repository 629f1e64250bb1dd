import Synchronization

/// How many live requests there are, shared by the engines that serve them and the work in the background that makes
/// room for them.
public final class LiveLoad: Sendable {
    private let requests = Atomic<Int>(0)
    private let condition = SteadyCondition()

    /// No requests.
    public init() {}

    /// Live requests, waiting or being answered.
    public var count: Int { requests.load(ordering: .relaxed) }

    /// A live request came. Each call is answered by one of ``end()``.
    public func begin() { requests.add(1, ordering: .sequentiallyConsistent) }

    /// A live request is over.
    public func end() {
        guard requests.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 else { return }
        condition.wake()
    }

    /// Holds the calling thread while there are live requests, but not longer than `limit`, so that background work
    /// goes on under a load that never ends.
    ///
    /// - Returns: how long it held.
    @discardableResult
    public func pause(atMost limit: Duration = .milliseconds(50)) -> Duration {
        guard count > 0 else { return .zero }
        let start = ContinuousClock.now
        condition.wait(atMost: limit) { count > 0 }
        return start.duration(to: .now)
    }
}
