import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How many live requests there are, shared by the engines that serve them and the work in the background that makes
/// room for them.
public final class ForegroundLoad: Sendable {
    /// The longest that a piece of background work is held up at a time.
    public static let longestPause = Duration.milliseconds(50)

    private let requests = Atomic<Int>(0)
    private let condition = SteadyCondition()

    /// No requests.
    public init() {}

    /// Live requests, waiting or being answered.
    public var count: Int { requests.load(ordering: .relaxed) }

    /// A live request came. Each call is answered by one of ``end()``.
    public func begin() { requests.add(1, ordering: .sequentiallyConsistent) }

    /// Makes everything that pauses look at what it waits for again.
    func wake() { condition.wake() }

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
    public func pause(atMost limit: Duration = longestPause) -> Duration {
        pause(atMost: limit, unless: { false })
    }

    /// The same; `isWanted` ends it too. Whoever changes what that asks calls ``wake()``.
    @discardableResult
    func pause(atMost limit: Duration, unless isWanted: () -> Bool) -> Duration {
        guard count > 0 else { return .zero }
        let start = ContinuousClock.now
        condition.wait(atMost: limit) { count > 0 && !isWanted() }
        return start.duration(to: .now)
    }
}

/// A lock with a condition whose waits end after a time by the steady clock. Foundation's ends at a time of day, which
/// may be set back while a thread waits.
///
/// Sendable although it holds pointers: the operations on them are made for threads.
final class SteadyCondition: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Waits while `isBlocked`, at most for `limit`; it is asked under the lock.
    func wait(atMost limit: Duration, while isBlocked: () -> Bool) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        let end = ContinuousClock.now + limit
        while isBlocked() {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return }
            wait(left)
        }
    }

    /// Makes every wait look again.
    func wake() {
        pthread_mutex_lock(mutex)
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    private func wait(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = Int(attoseconds / 1_000_000_000)
        #if canImport(Darwin)
            var time = timespec(tv_sec: Int(seconds), tv_nsec: nanoseconds)
            pthread_cond_timedwait_relative_np(condition, mutex, &time)
        #else
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            time.tv_sec += Int(seconds)
            time.tv_nsec += nanoseconds
            if time.tv_nsec >= 1_000_000_000 {
                time.tv_sec += 1
                time.tv_nsec -= 1_000_000_000
            }
            pthread_cond_timedwait(condition, mutex, &time)
        #endif
    }
}
