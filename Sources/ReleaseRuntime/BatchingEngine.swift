import Foundation
import Inference
import LongWork
import Synchronization
import Tokenizers

/// Answers requests with one set of weights, many at a time, on a thread of its own that sleeps while there are none.
/// Any number of releases with these weights share it. Without an owner it ends after its last request.
///
/// What a request gets does not depend on what runs beside it. Live requests come before background ones: those are
/// taken in when no live request waits, and rest while any are answered, here or elsewhere in the process.
final class BatchingEngine: AnswerEngine {
    /// The weights.
    let weights: LoadedWeights
    /// What it takes on.
    let limits: EngineLimits
    let loop: BatchLoop
    private let batchLimits: BatchLimits
    let queue: RequestQueue
    private let live: ForegroundLoad
    /// Made when something is scored first.
    private let scorer = Mutex<AnswerScorer?>(nil)
    /// Made when it is compared with another engine first, and anew for another one.
    private let pairedScorer = Mutex<PairedScorer?>(nil)
    /// Made when a text is placed first.
    private let describer = Mutex<PromptDescriber?>(nil)

    /// Makes the buffers and starts the thread.
    ///
    /// - Parameter live: counts this engine's live requests, so that background work makes room for them.
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    convenience init(
        _ weights: LoadedWeights,
        limits: EngineLimits = EngineLimits(),
        live: ForegroundLoad = ForegroundLoad()
    ) throws {
        try self.init(stopped: weights, limits: limits, live: live)
        let thread = Thread { [loop] in loop.run() }
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Makes an engine whose thread does not run: its owner takes the turns of `loop`.
    init(stopped weights: LoadedWeights, limits: EngineLimits, live: ForegroundLoad) throws {
        self.weights = weights
        self.limits = limits
        self.live = live
        let batch = try GenerationBatch(
            model: weights.model,
            tokenizer: weights.tokenizer,
            maxSequences: limits.maxSequences,
            cacheBytes: limits.cacheBytes
        )
        batchLimits = batch.limits
        queue = RequestQueue(limits, live)
        loop = BatchLoop(queue, batch, live)
    }

    deinit { queue.close() }

    var capabilities: EngineCapabilities {
        EngineCapabilities(scores: true, embeds: true, contextLength: weights.contextLength)
    }

    var load: EngineLoad { queue.load }

    /// Bytes that the key-value cache may come to take.
    var cacheBytes: Int { batchLimits.pageCount * batchLimits.pageBytes }

    /// Renders the prompt before it returns. Whoever stops reading ends the answer within one token.
    func serve(_ request: AnswerRequest) throws -> AnswerEvents {
        let arrival = ContinuousClock.now
        do {
            try check(request)
            let release = try LoadedRelease(weights: weights, prompt: request.prompt, decoding: request.decoding)
            let (generation, shape) = try release.generation(request)
            return try submit(
                generation,
                shape: shape,
                seeds: (0..<request.choices).map(request.seed(ofChoice:)),
                priority: request.priority,
                caller: request.caller,
                arrival: arrival,
                deadline: request.deadline,
                reportsTokens: request.reportsTokens
            )
        } catch let error as InferenceError {
            throw ReleaseRuntimeError(error, pageBytes: batchLimits.pageBytes)
        }
    }

    /// Queues what is rendered already.
    ///
    /// - Throws: `InferenceError`; ``ReleaseRuntimeError``: `queueFull`, `engineClosed`.
    func submit(
        _ generation: GenerationRequest,
        shape: AnswerShape = .plain,
        seeds: [UInt64],
        priority: AnswerRequest.Priority,
        caller: String = "",
        arrival: ContinuousClock.Instant = .now,
        deadline: AnswerDeadline? = nil,
        reportsTokens: Bool = false
    ) throws -> AnswerEvents {
        let pages = try batchLimits.pages(for: generation, choices: seeds.count)
        let (stream, continuation) = AnswerEvents.makeStream()
        let interest = QueuedRequest.Interest()
        // Holds this engine until the request is over: who lets go of an engine lets its requests end first.
        continuation.onTermination = { [self] reason in
            if case .cancelled = reason { interest.end() }
            withExtendedLifetime(self) {}
        }
        try queue.add(
            QueuedRequest(
                key: queue.makeKey(),
                caller: caller,
                generation: generation,
                shape: shape,
                seeds: seeds,
                pages: pages,
                priority: priority,
                arrival: arrival,
                deadline: deadline,
                reportsTokens: reportsTokens,
                interest: interest,
                continuation: continuation
            )
        )
        return stream
    }

    /// The answer to what is rendered already.
    ///
    /// - Throws: as ``submit(_:shape:seeds:priority:caller:arrival:deadline:reportsTokens:)``, and from the stream.
    func answer(_ generation: GenerationRequest, priority: AnswerRequest.Priority) async throws -> Answer {
        for try await event in try submit(generation, seeds: [generation.seed], priority: priority) {
            if case .finished(_, let answer) = event { return answer }
        }
        throw CancellationError()
    }

    func score(_ tokens: [Int], answering request: AnswerRequest) async throws -> [Double]? {
        let prompt = try await promptTokens(of: request)
        let scorer = try scorer.withLock { known in
            let scorer = try known ?? AnswerScorer(weights)
            known = scorer
            return scorer
        }
        let first = request.priority == .background ? live : nil
        return try await scorer.score(tokens, after: prompt, yieldingTo: first)
    }

    func distances(
        from baseline: any AnswerEngine,
        along tokens: [Int],
        answering requests: (baseline: AnswerRequest, candidate: AnswerRequest)
    ) async throws -> TokenDistances? {
        guard let baseline = baseline as? BatchingEngine,
            baseline.weights.tokenizer.size == weights.tokenizer.size
        else { return nil }
        let prompts = (
            try await baseline.promptTokens(of: requests.baseline), try await promptTokens(of: requests.candidate)
        )
        let scorer = try pairedScorer.withLock { known in
            if let known, known.baselineWeights === baseline.weights { return known }
            let scorer = try PairedScorer(weights, from: baseline.weights)
            known = scorer
            return scorer
        }
        let first = requests.candidate.priority == .background ? live : nil
        return try await scorer.distances(along: tokens, after: prompts, yieldingTo: first)
    }

    func embedding(of text: String, priority: AnswerRequest.Priority) async throws -> [Float]? {
        let describer = try describer.withLock { known in
            let describer = try known ?? PromptDescriber(weights)
            known = describer
            return describer
        }
        let embedding = try await describer.describe(text, yieldingTo: priority == .background ? live : nil).embedding
        return embedding.isEmpty ? nil : embedding
    }

    private func promptTokens(of request: AnswerRequest) async throws -> [Int] {
        let release = try LoadedRelease(weights: weights, prompt: request.prompt, decoding: request.decoding)
        return try await LongWork.run(bytes: request.byteCount) { try release.renderer.render(request).tokens }
    }

    func alone() throws -> (any AnswerEngine)? {
        try BatchingEngine(alone: weights, live: live)
    }

    /// Makes an engine that answers one request at a time, whatever of the context it needs.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    convenience init(alone weights: LoadedWeights, live: ForegroundLoad) throws {
        let context = GenerationBatch.cacheBytes(ofOneContext: weights.model)
        try self.init(weights, limits: EngineLimits(maxSequences: 1, cacheBytes: context), live: live)
    }

    func drain() async { await queue.waitUntilIdle() }

    /// Also waits for the thread to end.
    func close() async {
        queue.close()
        await queue.waitUntilClosed()
    }

    private func check(_ request: AnswerRequest) throws(ReleaseRuntimeError) {
        guard (1...limits.maxSequences).contains(request.choices) else {
            throw .invalidSetting(
                name: "n",
                value: "\(request.choices)",
                allowed: "from 1 to \(limits.maxSequences)"
            )
        }
        // Ranking a vocabulary at every token would hold up the other requests.
        guard (0...AnswerRequest.maxAlternatives).contains(request.alternatives) else {
            throw .invalidSetting(
                name: "top_logprobs",
                value: "\(request.alternatives)",
                allowed: "from 0 to \(AnswerRequest.maxAlternatives)"
            )
        }
    }
}

/// What an engine takes on.
public struct EngineLimits: Sendable, Equatable {
    /// Most answers generated at the same time; a request with `n` choices counts `n` times.
    public var maxSequences: Int
    /// Most requests of one priority that wait for their turn; the next one is refused.
    public var maxQueued: Int
    /// Most bytes of the key-value cache; never more than `maxSequences` full contexts need.
    public var cacheBytes: Int

    /// Limits of an engine; each is at least 1 (`maxQueued`: at least 0).
    public init(maxSequences: Int = 32, maxQueued: Int = 1_024, cacheBytes: Int = 256 << 20) {
        self.maxSequences = max(1, maxSequences)
        self.maxQueued = max(0, maxQueued)
        self.cacheBytes = max(1, cacheBytes)
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
        case .unsupportedArchitecture, .unsupportedFeature, .inconsistent, .wrongShape, .wrongTensorType,
            .unexpectedTensor, .refused, .tokenizerDoesNotFit, .emptyPrompt, .tokenOutOfRange, .notFinite, .unavailable,
            .outOfMemory:
            self = .engineFailed("\(error)")
        }
    }
}

/// Tells how likely given answers are, one at a time, on a thread of its own.
///
/// An actor, because its buffers are shared mutable memory; callers wait without holding a thread.
actor AnswerScorer {
    private let worker: InferenceWorker
    private let thread = DedicatedThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Makes the buffers.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    init(_ weights: LoadedWeights) throws {
        worker = try InferenceWorker(model: weights.model, tokenizer: weights.tokenizer)
    }

    /// The natural logarithm of the probability of each token of `answer` after the prompt.
    ///
    /// - Parameter live: requests that go first: while there are any, this pauses between batches of tokens.
    /// - Throws: `InferenceError`.
    func score(_ answer: [Int], after prompt: [Int], yieldingTo live: ForegroundLoad?) throws -> [Double] {
        try worker.score(promptTokens: prompt, answerTokens: answer) { live?.pause() }
    }
}
