import Inference

/// What a release answered, and how long it took.
public struct Answer: Hashable, Sendable {
    /// Why the answer ended.
    public enum Finish: String, Codable, Sendable {
        /// The model ended it, or a stop text did.
        case stop
        /// It reached the most tokens it may have, or the end of the context.
        case length
        /// The caller went away.
        case cancelled
    }

    /// The text.
    public let text: String
    /// The token ids as generated, with the end token when one ended the answer.
    public let tokens: [Int]
    /// The natural logarithm of the probability of each of `tokens` under this release's weights.
    public let logProbabilities: [Double]
    /// Why it ended.
    public let finish: Finish
    /// Tokens of the rendered prompt.
    public let promptTokens: Int
    /// Tokens of the text, without the end token.
    public let outputTokens: Int
    /// Seconds to the first token; nil when there was none.
    public let firstTokenSeconds: Double?
    /// Mean seconds for each further token; nil with fewer than two.
    public let perTokenSeconds: Double?
    /// Seconds from the request to the end.
    public let totalSeconds: Double
}

extension Answer {
    /// What a generation gave.
    init(_ generation: Generation) {
        let all = generation.tokens + (generation.endToken.map { [$0] } ?? [])
        self.init(
            text: generation.text,
            tokens: all.map(\.id),
            logProbabilities: all.map(\.logProbability),
            finish: Finish(generation.finishReason),
            promptTokens: generation.promptTokenCount,
            outputTokens: generation.tokens.count,
            firstTokenSeconds: generation.secondsToFirstToken,
            perTokenSeconds: generation.secondsPerOutputToken,
            totalSeconds: generation.totalSeconds
        )
    }
}

extension Answer.Finish {
    init(_ reason: Generation.FinishReason) {
        switch reason {
        case .stop: self = .stop
        case .length: self = .length
        case .cancelled: self = .cancelled
        }
    }
}
