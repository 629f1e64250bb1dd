import Foundation

/// What the threads of a load count together.
final class Counter: @unchecked Sendable {
    private let condition = NSCondition()
    private var total = 0
    private var failed = 0
    private var left = 0

    var count: Int { condition.withLock { total } }
    var failures: Int { condition.withLock { failed } }

    func add(_ count: Int = 1) { condition.withLock { total += count } }
    func fail() { condition.withLock { failed += 1 } }

    func leave() {
        condition.withLock {
            left += 1
            condition.signal()
        }
    }

    /// Waits until `count` threads have left.
    func wait(_ count: Int) {
        condition.lock()
        while left < count { condition.wait() }
        condition.unlock()
    }
}
