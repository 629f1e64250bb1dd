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
    /// The answer's text, without marks and without the stop string.
    public let text: String
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
