public import Digests
public import RegistryTypes

/// What one release answered to one request, with what was measured. Nothing measured is nil, never zero.
public struct Sample: Hashable, Sendable {
    /// The answer; nil when it failed.
    public var text: String?
    /// What was thought before it; nil when nothing was.
    public var thinking: String?
    /// The tools that it calls, in order; nil when none.
    public var calls: [ToolCall]?
    /// Why there is no answer; nil when there is one.
    public var error: String?
    /// Why the answer ended, in the engine's word, such as `stop`.
    public var finish: String?
    /// Tokens of the rendered prompt.
    public var promptTokens: Int?
    /// Tokens of the answer.
    public var outputTokens: Int?
    /// Seconds to the first token.
    public var ttftSeconds: Double?
    /// Seconds per token after the first.
    public var tpotSeconds: Double?
    /// Seconds from the request to the end of the answer.
    public var totalSeconds: Double?
    /// The log-probability this release gives to the *baseline's* answer, summed over its tokens.
    public var answerScore: Double?
    /// The tokens that ``answerScore`` sums over.
    public var answerScoreTokens: Int?
    /// Values of metrics by name, such as `exact_match: 1`.
    public var metrics: [String: Double]

    /// A sample.
    public init(
        text: String? = nil,
        thinking: String? = nil,
        calls: [ToolCall]? = nil,
        error: String? = nil,
        finish: String? = nil,
        promptTokens: Int? = nil,
        outputTokens: Int? = nil,
        ttftSeconds: Double? = nil,
        tpotSeconds: Double? = nil,
        totalSeconds: Double? = nil,
        answerScore: Double? = nil,
        answerScoreTokens: Int? = nil,
        metrics: [String: Double] = [:]
    ) {
        self.text = text
        self.thinking = thinking
        self.calls = calls
        self.error = error
        self.finish = finish
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.ttftSeconds = ttftSeconds
        self.tpotSeconds = tpotSeconds
        self.totalSeconds = totalSeconds
        self.answerScore = answerScore
        self.answerScoreTokens = answerScoreTokens
        self.metrics = metrics
    }
}

/// The samples of both releases for one request.
public struct SamplePair: Hashable, Sendable {
    /// Which release answered.
    public enum Arm: String, Sendable, CaseIterable {
        /// The one that is live.
        case baseline
        /// The one under test.
        case candidate
    }

    /// The place of the request in the drawn order, from 0 on.
    public let position: Int
    /// The id of the request in the traffic set.
    public let request: String
    /// Which time the request was run, from 0 on.
    public let repetition: Int
    /// Which release ran first, by the coin of this pair.
    public let first: Arm
    /// What the baseline answered.
    public let baseline: Sample
    /// What the candidate answered.
    public let candidate: Sample

    /// The samples of both releases.
    public init(
        position: Int,
        request: String,
        repetition: Int = 0,
        first: Arm,
        baseline: Sample,
        candidate: Sample
    ) {
        self.position = position
        self.request = request
        self.repetition = repetition
        self.first = first
        self.baseline = baseline
        self.candidate = candidate
    }
}

/// What a run is a run of: samples are only taken up again by the very same one.
public struct RunIdentity: Hashable, Sendable {
    /// The canary.
    public let canary: CanaryID
    /// The seed of the order and the coins.
    public let seed: UInt64
    /// Requests to compare.
    public let requests: Int
    /// How often each request is run.
    public let repeats: Int
    /// The digest of the traffic set.
    public let traffic: Digest
    /// The digest of the canary document.
    public let document: Digest
    /// The digest of the baseline's content.
    public let baseline: Digest
    /// The digest of the candidate's content.
    public let candidate: Digest
    /// The numerics of the engine: other numerics may give other answers.
    public let engineNumerics: Int

    /// What a run is a run of.
    public init(
        canary: CanaryID,
        seed: UInt64,
        requests: Int,
        repeats: Int = 1,
        traffic: Digest,
        document: Digest,
        baseline: Digest,
        candidate: Digest,
        engineNumerics: Int
    ) {
        self.canary = canary
        self.seed = seed
        self.requests = requests
        self.repeats = repeats
        self.traffic = traffic
        self.document = document
        self.baseline = baseline
        self.candidate = candidate
        self.engineNumerics = engineNumerics
    }

    /// Each part by name, for saying which one differs.
    var fields: [(name: String, value: String)] {
        [
            ("canary", canary.description), ("seed", String(seed)), ("requests", String(requests)),
            ("repeats", String(repeats)), ("traffic", traffic.short), ("document", document.short),
            ("baseline", baseline.short), ("candidate", candidate.short), ("numerics", String(engineNumerics)),
        ]
    }
}
