/// A generated answer and how it came about.
public struct Generation: Sendable, Equatable {
    /// Why the answer ended.
    public enum FinishReason: String, Sendable, Codable {
        /// An end token or a stop string.
        case stop
        /// `maxTokens` or the end of the context.
        case length
    }

    /// A token with its probability.
    public struct Alternative: Sendable, Equatable {
        /// Token id.
        public let token: Int
        /// Natural logarithm of its probability under the model, before any sampling setting.
        public let logProbability: Double
    }

    /// A chosen token.
    public struct Token: Sendable, Equatable {
        /// Token id.
        public let id: Int
        /// Natural logarithm of its probability under the model, before any sampling setting.
        public let logProbability: Double
        /// The most likely tokens at this position, most likely first, as many as the request asked for.
        public let alternatives: [Alternative]
        /// Seconds from the start of the request to the choice.
        public let seconds: Double
    }

    /// The answer's tokens, without the end token.
    public let tokens: [Token]
    /// The end token, when one ended the answer.
    public let endToken: Token?
    /// The answer's text, without special tokens and without the stop string.
    public let text: String
    /// How many bytes were no UTF-8 and show as U+FFFD in ``text``.
    public let invalidBytes: Int
    /// Why it ended.
    public let finishReason: FinishReason
    /// Tokens of the prompt.
    public let promptTokenCount: Int
    /// Seconds from start to end.
    public let totalSeconds: Double

    /// Seconds to the first token (an end token counts), or nil when there was none.
    public var secondsToFirstToken: Double? { (tokens.first ?? endToken)?.seconds }

    /// Mean seconds per token after the first, or nil when there is no second token.
    public var secondsPerOutputToken: Double? {
        let times = (tokens + (endToken.map { [$0] } ?? [])).map(\.seconds)
        guard times.count > 1, let first = times.first, let last = times.last else { return nil }
        return (last - first) / Double(times.count - 1)
    }
}

/// What to generate from.
public struct GenerationRequest: Sendable, Equatable {
    /// Token ids of the prompt, at least one.
    public var promptTokens: [Int]
    /// Most tokens of the answer.
    public var maxTokens: Int
    /// How tokens are chosen.
    public var sampling: SamplingSettings
    /// With the position it decides every random choice.
    public var seed: UInt64
    /// Strings that end the answer; they are not part of its text.
    public var stopStrings: [String]
    /// Tokens that end the answer besides the tokenizer's end tokens.
    public var stopTokens: Set<Int>
    /// How many of the most likely tokens are reported at each position.
    public var alternatives: Int
    /// Special tokens whose spelling is part of the text: the marks by which a family of models structures an answer.
    public var spelledTokens: Set<Int>

    /// A greedy request unless told otherwise.
    public init(
        promptTokens: [Int],
        maxTokens: Int,
        sampling: SamplingSettings = .greedy,
        seed: UInt64 = 0,
        stopStrings: [String] = [],
        stopTokens: Set<Int> = [],
        alternatives: Int = 0,
        spelledTokens: Set<Int> = []
    ) {
        self.promptTokens = promptTokens
        self.maxTokens = maxTokens
        self.sampling = sampling
        self.seed = seed
        self.stopStrings = stopStrings
        self.stopTokens = stopTokens
        self.alternatives = alternatives
        self.spelledTokens = spelledTokens
    }
}
