import Foundation
import Inference

/// Answers live requests with one set of weights, many at a time, on a thread of its own that sleeps while there are
/// none. Any number of releases with these weights share it. Without an owner it ends after its last request.
///
/// What a request gets does not depend on what runs beside it: the bits are those of ``ReleaseWorker``.
public final class ServingEngine: Sendable {
    /// Most alternatives that are reported with a token.
    public static let maxAlternatives = 20

    /// The weights.
    public let weights: LoadedWeights
    /// What it takes on.
    public let limits: ServingLimits
    private let batchLimits: BatchLimits
    private let queue: ServingQueue
    let loop: ServingLoop

    /// Makes the buffers and starts the thread.
    ///
    /// - Parameter live: counts this engine's requests, so that background work makes room for them.
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    public convenience init(
        _ weights: LoadedWeights,
        limits: ServingLimits = ServingLimits(),
        live: LiveLoad = LiveLoad()
    ) throws {
        try self.init(stopped: weights, limits: limits, live: live)
        let thread = Thread { [loop] in loop.run() }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Makes an engine whose thread does not run: its owner takes the turns of `loop`.
    init(stopped weights: LoadedWeights, limits: ServingLimits, live: LiveLoad) throws {
        self.weights = weights
        self.limits = limits
        let batch = try GenerationBatch(
            model: weights.model,
            tokenizer: weights.tokenizer,
            maxSequences: limits.maxSequences,
            cacheBytes: limits.cacheBytes
        )
        batchLimits = batch.limits
        queue = ServingQueue(limits, live)
        loop = ServingLoop(queue, batch)
    }

    deinit { queue.close() }

    /// Requests being answered and requests that wait.
    public var load: (active: Int, queued: Int) { queue.load }

    /// Bytes that the key-value cache may come to take.
    public var cacheBytes: Int { batchLimits.pageCount * batchLimits.pageBytes }

    /// Queues a request. Its events come as they happen and are kept until they are read. Whoever stops reading, by
    /// leaving the loop or by a cancelled task, ends the answer within one token.
    ///
    /// Renders the prompt before it returns.
    /// - Throws: at once: `PromptError`; ``ReleaseRuntimeError``: `promptTooLong`, `noMessageFormat`, `noMessages`,
    ///   `messagesNeedVariable`, `invalidSetting`, `tooLargeForMemory`, `queueFull`, `engineClosed`, `otherWeights`.
    ///   From the stream: `deadlinePassed`, `engineFailed`, `engineClosed`.
    public func serve(
        _ release: LoadedRelease,
        _ request: ServingRequest
    ) throws -> AsyncThrowingStream<ServingEvent, any Error> {
        let arrival = ContinuousClock.now
        guard release.weights === weights else { throw ReleaseRuntimeError.otherWeights }
        let generation: GenerationRequest
        let pages: Int
        do {
            try Self.check(request, limits)
            generation = try release.request(request)
            pages = try batchLimits.pages(for: generation, choices: request.choices)
        } catch let error as InferenceError {
            throw ReleaseRuntimeError(error, pageBytes: batchLimits.pageBytes)
        }
        let (stream, continuation) = AsyncThrowingStream<ServingEvent, any Error>.makeStream()
        let interest = ServingTicket.Interest()
        // Holds this engine until the request is over: who lets go of an engine lets its requests end first.
        continuation.onTermination = { [self] reason in
            if case .cancelled = reason { interest.end() }
            withExtendedLifetime(self) {}
        }
        try queue.add(
            ServingTicket(
                key: queue.makeKey(),
                request: generation,
                seeds: (0..<request.choices).map(request.seed(ofChoice:)),
                pages: pages,
                arrival: arrival,
                deadline: request.deadline,
                isStreamed: request.isStreamed,
                interest: interest,
                continuation: continuation
            )
        )
        return stream
    }

    /// Waits until every request so far and those that come meanwhile are over, or the calling task is cancelled.
    public func drain() async { await queue.waitUntilIdle() }

    /// Ends what runs and what waits with ``ReleaseRuntimeError/engineClosed``, and waits for the thread to end.
    public func close() async {
        queue.close()
        await queue.waitUntilClosed()
    }

    private static func check(_ request: ServingRequest, _ limits: ServingLimits) throws(ReleaseRuntimeError) {
        guard (1...limits.maxSequences).contains(request.choices) else {
            throw .invalidSetting(
                name: "n",
                value: "\(request.choices)",
                allowed: "from 1 to \(limits.maxSequences)"
            )
        }
        // Ranking a vocabulary at every token would hold up the other requests.
        guard (0...maxAlternatives).contains(request.alternatives) else {
            throw .invalidSetting(
                name: "top_logprobs",
                value: "\(request.alternatives)",
                allowed: "from 0 to \(maxAlternatives)"
            )
        }
    }
}

extension ReleaseRuntimeError {
    /// What an engine's refusal means for a caller.
    init(_ error: InferenceError, pageBytes: Int) {
        switch error {
        case .invalidSetting(let name, let value, let allowed):
            self = .invalidSetting(name: name, value: value, allowed: allowed)
        case .promptTooLong(let tokens, let contextLength):
            self = .promptTooLong(tokens: tokens, contextLength: contextLength)
        case .outOfPages(let needed, let available):
            self = .tooLargeForMemory(neededBytes: needed * pageBytes, allowedBytes: available * pageBytes)
        default:
            self = .engineFailed("\(error)")
        }
    }
}
