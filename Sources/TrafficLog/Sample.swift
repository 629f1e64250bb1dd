/// What one release answered to one request, with what was measured. Nothing measured is nil, never zero.
public struct Sample: Hashable, Sendable {
    /// The answer; nil when it failed.
    public var text: String?
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
