import LongWork

/// What answers requests with one model: the one way to an answer for applications, chat, smoke tests, canaries,
/// evaluations and replays. Whoever holds one keeps it running.
public protocol AnswerEngine: AnyObject, Sendable {
    /// What it can do.
    var capabilities: EngineCapabilities { get }

    /// What it is doing.
    var load: EngineLoad { get }

    /// Takes a request. Its events come as they happen and are kept until they are read. Whoever stops reading, by
    /// leaving the loop or by a cancelled task, ends the answer.
    ///
    /// - Throws: at once: `PromptError`; ``ReleaseRuntimeError``: `unknownSpecialToken`, `noTemplate`, `templateRefuses`, `promptTooLong`,
    ///   `noMessageFormat`, `noMessages`, `invalidSetting`, `tooLargeForMemory`, `queueFull`, `engineClosed`.
    ///   From the stream: `deadlinePassed`, `engineFailed`, `engineClosed`.
    func serve(_ request: AnswerRequest) throws -> AnswerEvents

    /// The natural logarithm of the probability of each token of a given answer to a request, as if this engine had
    /// generated it; nil when it cannot score.
    ///
    /// - Parameter tokens: The answer, in the ids of this engine's tokenizer.
    /// - Throws: `PromptError`, ``ReleaseRuntimeError`` or `InferenceError`.
    func score(_ tokens: [Int], answering request: AnswerRequest) async throws -> [Double]?

    /// How far this engine is from `baseline` along an answer of that one, token by token; nil when the two cannot be read in
    /// step, as with vocabularies of different sizes.
    ///
    /// - Parameters:
    ///   - tokens: The answer, in the ids of both tokenizers.
    ///   - requests: what each side was asked.
    /// - Throws: `PromptError`, ``ReleaseRuntimeError`` or `InferenceError`.
    func distances(
        from baseline: any AnswerEngine,
        along tokens: [Int],
        answering requests: (baseline: AnswerRequest, candidate: AnswerRequest)
    ) async throws -> TokenDistances?

    /// Where a text lies in this engine's own space, which says something beside another text only: the mean over its tokens of
    /// the last layer's output. nil when it cannot tell, or the text has no token.
    ///
    /// - Throws: `InferenceError`.
    func embedding(of text: String, priority: AnswerRequest.Priority) async throws -> [Float]?

    /// An engine with the same model in which nothing else runs, so that times say what the model takes and not what
    /// ran beside it; nil where there is none to be had. Whoever asks for it closes it.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    func alone() throws -> (any AnswerEngine)?

    /// Waits until every request so far and those that come meanwhile are over, or the calling task is cancelled.
    func drain() async

    /// Ends what runs and what waits with ``ReleaseRuntimeError/engineClosed``, and waits until it has ended.
    func close() async
}

/// The events of a request, in order.
public typealias AnswerEvents = AsyncThrowingStream<AnswerEvent, any Error>

extension AnswerEngine {
    /// Takes a request as ``serve(_:)`` does, and lets a long text be written and cut into tokens on a thread for that.
    ///
    /// - Throws: as ``serve(_:)``.
    public func begin(_ request: AnswerRequest) async throws -> AnswerEvents {
        try await LongWork.run(bytes: request.byteCount) { try serve(request) }
    }

    /// The answer to a request, when all of it is there. A cancelled task ends it at the next token.
    ///
    /// - Throws: what ``serve(_:)`` throws, at once and from the stream; `CancellationError`.
    public func answer(_ request: AnswerRequest) async throws -> Answer {
        try Task.checkCancellation()
        var request = request
        request.reportsTokens = false
        for try await event in try await begin(request) {
            if case .finished(0, let answer) = event { return answer }
        }
        throw CancellationError()
    }
}

/// What an engine can do besides answering.
public struct EngineCapabilities: Sendable, Equatable {
    /// Whether it tells how likely a given answer is, token by token.
    public var scores: Bool
    /// Whether it tells where texts lie in its own space.
    public var embeds: Bool
    /// Whether it holds answers to a schema while it generates them.
    public var constrains: Bool
    /// The most tokens of a prompt and its answer together.
    public var contextLength: Int

    /// Capabilities; what is not named is not there.
    public init(scores: Bool = false, embeds: Bool = false, constrains: Bool = false, contextLength: Int) {
        self.scores = scores
        self.embeds = embeds
        self.constrains = constrains
        self.contextLength = contextLength
    }
}

/// What an engine is doing.
public struct EngineLoad: Sendable, Equatable {
    /// Live requests being answered.
    public var active: Int
    /// Live requests that wait.
    public var queued: Int
    /// Background requests, waiting or being answered.
    public var background: Int

    /// A load; nothing unless told otherwise.
    public init(active: Int = 0, queued: Int = 0, background: Int = 0) {
        self.active = active
        self.queued = queued
        self.background = background
    }

    /// The loads of two engines together.
    public static func + (left: EngineLoad, right: EngineLoad) -> EngineLoad {
        EngineLoad(
            active: left.active + right.active,
            queued: left.queued + right.queued,
            background: left.background + right.background
        )
    }
}
