import Inference
import Synchronization

/// A live request on its way through a serving engine. A class, because it is handed on at every step.
final class ServingTicket: Sendable {
    /// Whether nobody waits for the answer any more.
    final class Interest: Sendable {
        private let gone = Atomic<Bool>(false)

        /// True when the caller went away.
        var isGone: Bool { gone.load(ordering: .relaxed) }

        /// The caller goes away.
        func end() { gone.store(true, ordering: .relaxed) }
    }

    typealias Continuation = AsyncThrowingStream<ServingEvent, any Error>.Continuation

    /// Its number within the engine.
    let key: Int
    let request: GenerationRequest
    /// One for each choice.
    let seeds: [UInt64]
    /// Pages of the key-value cache that it needs.
    let pages: Int
    let arrival: ContinuousClock.Instant
    let deadline: ContinuousClock.Instant?
    /// Whether tokens are handed over as they come.
    let isStreamed: Bool
    let interest: Interest
    let continuation: Continuation

    init(
        key: Int,
        request: GenerationRequest,
        seeds: [UInt64],
        pages: Int,
        arrival: ContinuousClock.Instant,
        deadline: ContinuousClock.Instant?,
        isStreamed: Bool,
        interest: Interest,
        continuation: Continuation
    ) {
        self.key = key
        self.request = request
        self.seeds = seeds
        self.pages = pages
        self.arrival = arrival
        self.deadline = deadline
        self.isStreamed = isStreamed
        self.interest = interest
        self.continuation = continuation
    }

    /// Why it goes no further; nil while it does.
    func ending(at now: ContinuousClock.Instant) -> (any Error)? {
        if interest.isGone { return CancellationError() }
        if let deadline, now >= deadline { return ReleaseRuntimeError.deadlinePassed }
        return nil
    }
}
