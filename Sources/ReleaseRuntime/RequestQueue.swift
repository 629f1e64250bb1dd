import DequeModule
import Foundation
import Inference
import Synchronization

/// The requests of an engine: those that wait, and the count of those that run. Callers add on any thread, the engine's
/// own thread takes.
///
/// Sendable although it is mutable: everything is read and written under the lock of `condition`.
final class RequestQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private let limits: EngineLimits
    private let live: ForegroundLoad
    private var waitingLive = CallerQueue()
    private var waitingBackground: Deque<QueuedRequest> = []
    private var activeLive = 0
    private var activeBackground = 0
    private var activeChoices = 0
    private var nextKey = 0
    private var isClosed = false
    private var isThreadOver = false
    /// Mean seconds of a live request from its start to its end, over about the last 16.
    private var meanSeconds = 0.0
    private var idleWaiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var closeWaiters: [CheckedContinuation<Void, Never>] = []

    init(_ limits: EngineLimits, _ live: ForegroundLoad) {
        self.limits = limits
        self.live = live
    }

    private func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.lock()
        defer { condition.unlock() }
        return try body()
    }

    /// Requests that run and requests that wait.
    var load: EngineLoad {
        locked {
            EngineLoad(
                active: activeLive,
                queued: waitingLive.count,
                background: activeBackground + waitingBackground.count
            )
        }
    }

    /// Whether nothing runs and nothing waits; asked under the lock.
    private var isIdle: Bool {
        activeLive == 0 && activeBackground == 0 && waitingLive.isEmpty && waitingBackground.isEmpty
    }

    // MARK: - For callers

    /// A number that no other request of this queue has.
    func makeKey() -> Int {
        locked {
            nextKey += 1
            return nextKey
        }
    }

    /// Adds a request to those of its priority. Where no more may wait, it may take the place of one of a caller that
    /// has more of them.
    ///
    /// - Throws: ``ReleaseRuntimeError/queueFull(retryAfterSeconds:isOwn:)``, ``ReleaseRuntimeError/engineClosed``.
    func add(_ request: QueuedRequest) throws {
        let displaced = try locked { () -> (QueuedRequest, any Error)? in
            guard !isClosed else { throw ReleaseRuntimeError.engineClosed }
            // Those that the thread has room for and has not come to yet do not count as waiting.
            let limit = limits.maxQueued + max(0, limits.maxSequences - activeChoices)
            var displaced: (QueuedRequest, any Error)?
            switch request.priority {
            case .live:
                switch waitingLive.add(request, limit: limit, at: .now) {
                case .added: break
                case .addedInstead(let other, let isOwn): displaced = (other, queueFull(isOwn: isOwn))
                case .refused(let isOwn): throw queueFull(isOwn: isOwn)
                }
                live.begin()
            case .background:
                guard waitingBackground.count < limit else { throw queueFull(isOwn: false) }
                waitingBackground.append(request)
            }
            condition.signal()
            return displaced
        }
        if let (other, error) = displaced { end(other, throwing: error) }
        // The thread may be making room for the live requests of other engines.
        if request.priority == .live { live.wake() }
    }

    private func queueFull(isOwn: Bool) -> ReleaseRuntimeError {
        .queueFull(retryAfterSeconds: retryAfterSeconds, isOwn: isOwn)
    }

    /// Seconds until those that wait have had their turn, by what requests took lately; from 1 to 60.
    private var retryAfterSeconds: Int {
        let turns = Double(waitingLive.count + 1) / Double(limits.maxSequences)
        return Int(min(60, max(1, (turns * meanSeconds).rounded(.up))))
    }

    /// Refuses what comes from now on, and lets the thread end.
    func close() {
        locked {
            isClosed = true
            condition.signal()
        }
        live.wake()
    }

    /// Waits until nothing waits and nothing runs, or the task is cancelled.
    func waitUntilIdle() async {
        let key = makeKey()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = locked {
                    if Task.isCancelled || isThreadOver || isIdle { return true }
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
            while isIdle, waitingLive.isEmpty, waitingBackground.isEmpty, !isClosed { condition.wait() }
            return !isClosed
        }
    }

    /// Holds the thread while there are live requests elsewhere and none here, but not longer than `limit`.
    func makeRoom(atMost limit: Duration) {
        live.pause(atMost: limit) { locked { isClosed || !waitingLive.isEmpty } }
    }

    /// Whether live requests wait.
    var hasLiveWaiting: Bool { locked { !waitingLive.isEmpty } }

    /// The live request whose turn it is, if there is room for it; it then counts as running.
    func nextLive(
        at now: ContinuousClock.Instant,
        room: (QueuedRequest, _ isAmongOthers: Bool) -> CallerQueue.Room
    ) -> QueuedRequest? {
        locked {
            guard let next = waitingLive.next(at: now, room: room) else { return nil }
            activeLive += 1
            activeChoices += next.seeds.count
            return next
        }
    }

    /// The first request in the background, if it fits; it then counts as running. One that does not fit holds those
    /// behind it, or large ones would never have their turn.
    func nextBackground(fits: (QueuedRequest) -> Bool) -> QueuedRequest? {
        locked {
            guard let first = waitingBackground.first, fits(first) else { return nil }
            activeBackground += 1
            activeChoices += first.seeds.count
            return waitingBackground.popFirst()
        }
    }

    /// Ends the requests that wait and go no further.
    func sweep(at now: ContinuousClock.Instant) {
        let swept = locked {
            var swept = waitingLive.removeAll(at: now) { $0.ending(at: now) }
            guard waitingBackground.contains(where: { $0.ending(at: now) != nil }) else { return swept }
            waitingBackground.removeAll { request in
                guard let error = request.ending(at: now) else { return false }
                swept.append((request, error))
                return true
            }
            return swept
        }
        guard !swept.isEmpty else { return }
        for (request, error) in swept { end(request, throwing: error) }
        locked(wakeIdleWaiters)
    }

    /// A request that ran is over.
    ///
    /// - Parameter seconds: how long it ran, when it came to its end.
    func finished(_ request: QueuedRequest, seconds: Double?) {
        if request.priority == .live { live.end() }
        locked {
            activeChoices -= request.seeds.count
            switch request.priority {
            case .live:
                activeLive -= 1
                waitingLive.finished(request)
                if let seconds { meanSeconds += (seconds - meanSeconds) / (meanSeconds == 0 ? 1 : 16) }
            case .background:
                activeBackground -= 1
            }
            wakeIdleWaiters()
        }
    }

    /// Ends all that waits; the thread does nothing after this.
    func threadEnds() {
        let (left, idle, closing) = locked {
            isThreadOver = true
            defer { (waitingBackground, idleWaiters, closeWaiters) = ([], [:], []) }
            return (waitingLive.removeAll() + waitingBackground, idleWaiters.values, closeWaiters)
        }
        for request in left { end(request, throwing: ReleaseRuntimeError.engineClosed) }
        for waiter in idle { waiter.resume() }
        for waiter in closing { waiter.resume() }
    }

    /// Ends a request that never ran.
    private func end(_ request: QueuedRequest, throwing error: any Error) {
        request.continuation.finish(throwing: error)
        if request.priority == .live { live.end() }
    }

    private func wakeIdleWaiters() {
        guard isIdle, !idleWaiters.isEmpty else { return }
        for waiter in idleWaiters.values { waiter.resume() }
        idleWaiters = [:]
    }
}

/// A request on its way through an engine. A class, because it is handed on at every step.
final class QueuedRequest: Sendable {
    /// Whether nobody waits for the answer any more.
    final class Interest: Sendable {
        private let gone = Atomic<Bool>(false)

        /// True when the caller went away.
        var isGone: Bool { gone.load(ordering: .relaxed) }

        /// The caller goes away.
        func end() { gone.store(true, ordering: .relaxed) }
    }

    /// Its number within the engine.
    let key: Int
    /// Who asked: callers have their turns in fairness. Empty for the server itself.
    let caller: String
    let generation: GenerationRequest
    /// How answers are taken apart.
    let shape: AnswerShape
    /// One for each choice.
    let seeds: [UInt64]
    /// Pages of the key-value cache that it needs.
    let pages: Int
    let priority: AnswerRequest.Priority
    let arrival: ContinuousClock.Instant
    let deadline: AnswerDeadline?
    /// Whether the caller hears of the start and of tokens.
    let reportsTokens: Bool
    let interest: Interest
    let continuation: AnswerEvents.Continuation

    init(
        key: Int,
        caller: String = "",
        generation: GenerationRequest,
        shape: AnswerShape,
        seeds: [UInt64],
        pages: Int,
        priority: AnswerRequest.Priority,
        arrival: ContinuousClock.Instant,
        deadline: AnswerDeadline?,
        reportsTokens: Bool,
        interest: Interest,
        continuation: AnswerEvents.Continuation
    ) {
        self.key = key
        self.caller = caller
        self.generation = generation
        self.shape = shape
        self.seeds = seeds
        self.pages = pages
        self.priority = priority
        self.arrival = arrival
        self.deadline = deadline
        self.reportsTokens = reportsTokens
        self.interest = interest
        self.continuation = continuation
    }

    /// Why it goes no further; nil while it does.
    ///
    /// - Parameter token: When its last token came; nil before the first.
    func ending(at now: ContinuousClock.Instant, token: ContinuousClock.Instant? = nil) -> (any Error)? {
        if interest.isGone { return CancellationError() }
        if let deadline, deadline.isPassed(at: now, token: token) { return ReleaseRuntimeError.deadlinePassed }
        return nil
    }
}
