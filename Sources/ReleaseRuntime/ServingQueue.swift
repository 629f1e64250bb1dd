import Foundation

/// The live requests of a serving engine: those that wait, and the count of those that run. Callers add on any thread,
/// the engine's own thread takes.
///
/// Sendable although it is mutable: everything is read and written under the lock of `condition`.
final class ServingQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let limits: ServingLimits
    private let live: LiveLoad
    private var waiting: [ServingTicket] = []
    private var active = 0
    private var activeChoices = 0
    private var nextKey = 0
    private var isClosed = false
    private var isThreadOver = false
    /// Mean seconds of a request from its start to its end, over about the last 16.
    private var meanSeconds = 0.0
    private var idleWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var closeWaiters: [CheckedContinuation<Void, Never>] = []

    init(_ limits: ServingLimits, _ live: LiveLoad) {
        self.limits = limits
        self.live = live
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    /// Requests that run and requests that wait.
    var load: (active: Int, queued: Int) { locked { (active, waiting.count) } }

    // MARK: - For callers

    /// A number that no other request of this queue has.
    func makeKey() -> Int {
        locked {
            nextKey += 1
            return nextKey
        }
    }

    /// Adds a request at the end.
    ///
    /// - Throws: ``ReleaseRuntimeError/queueFull(retryAfterSeconds:)``, ``ReleaseRuntimeError/engineClosed``.
    func add(_ ticket: ServingTicket) throws {
        try locked {
            guard !isClosed else { throw ReleaseRuntimeError.engineClosed }
            // Those that the thread has room for and has not come to yet do not count as waiting.
            guard waiting.count < limits.maxQueued + max(0, limits.maxSequences - activeChoices) else {
                throw ReleaseRuntimeError.queueFull(retryAfterSeconds: retryAfterSeconds)
            }
            waiting.append(ticket)
            live.begin()
            condition.signal()
        }
    }

    /// How long until those that wait have had their turn, by what requests took lately; from 1 to 60.
    private var retryAfterSeconds: Int {
        let turns = Double(waiting.count + 1) / Double(limits.maxSequences)
        return Int(min(60, max(1, (turns * meanSeconds).rounded(.up))))
    }

    /// Refuses what comes from now on, and lets the thread end.
    func close() {
        locked {
            isClosed = true
            condition.signal()
        }
    }

    /// Waits until nothing waits and nothing runs, or the task is cancelled.
    func waitUntilIdle() async {
        let key = makeKey()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = locked {
                    if Task.isCancelled || isThreadOver || (active == 0 && waiting.isEmpty) { return true }
                    idleWaiters[key] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            locked { idleWaiters.removeValue(forKey: key) }?.resume()
        }
    }

    /// Waits until the thread has ended.
    func waitUntilClosed() async {
        await withCheckedContinuation { continuation in
            let isOver = locked {
                if !isThreadOver { closeWaiters.append(continuation) }
                return isThreadOver
            }
            if isOver { continuation.resume() }
        }
    }

    // MARK: - For the thread

    /// Holds the thread until there is a request.
    ///
    /// - Returns: false once closed.
    func waitForWork(isIdle: Bool) -> Bool {
        locked {
            while isIdle, waiting.isEmpty, !isClosed { condition.wait() }
            return !isClosed
        }
    }

    /// The first request that waits, if it fits; it then counts as running. One that does not fit holds those behind
    /// it, or large ones would never have their turn.
    func next(fits: (ServingTicket) -> Bool) -> ServingTicket? {
        locked {
            guard let first = waiting.first, fits(first) else { return nil }
            active += 1
            activeChoices += first.seeds.count
            return waiting.removeFirst()
        }
    }

    /// Ends the requests that wait and go no further.
    func sweep(at now: ContinuousClock.Instant) {
        var swept: [(ServingTicket, any Error)] = []
        locked {
            guard waiting.contains(where: { $0.ending(at: now) != nil }) else { return }
            waiting.removeAll { ticket in
                guard let error = ticket.ending(at: now) else { return false }
                swept.append((ticket, error))
                return true
            }
        }
        guard !swept.isEmpty else { return }
        for (ticket, error) in swept {
            ticket.continuation.finish(throwing: error)
            live.end()
        }
        locked(wakeIdleWaiters)
    }

    /// A request that ran is over.
    ///
    /// - Parameter seconds: how long it ran, when it came to its end.
    func finished(_ ticket: ServingTicket, seconds: Double?) {
        live.end()
        locked {
            active -= 1
            activeChoices -= ticket.seeds.count
            if let seconds { meanSeconds += (seconds - meanSeconds) / (meanSeconds == 0 ? 1 : 16) }
            wakeIdleWaiters()
        }
    }

    /// Ends all that waits; the thread does nothing after this.
    func threadEnds() {
        let (left, idle, closing) = locked {
            isThreadOver = true
            defer { (waiting, idleWaiters, closeWaiters) = ([], [:], []) }
            return (waiting, idleWaiters.values, closeWaiters)
        }
        for ticket in left {
            ticket.continuation.finish(throwing: ReleaseRuntimeError.engineClosed)
            live.end()
        }
        for waiter in idle { waiter.resume() }
        for waiter in closing { waiter.resume() }
    }

    private func wakeIdleWaiters() {
        guard active == 0, waiting.isEmpty, !idleWaiters.isEmpty else { return }
        for waiter in idleWaiters.values { waiter.resume() }
        idleWaiters = [:]
    }
}
