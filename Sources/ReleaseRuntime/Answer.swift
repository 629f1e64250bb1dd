import Inference

/// What a release answered, and how long it took.
public struct Answer: Hashable, Sendable {
    /// Why the answer ended.
    public enum Finish: String, Codable, Sendable {
        /// The model ended it, or a stop text did.
        case stop
        /// It reached the most tokens it may have, or the end of the context.
        case length
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

/// What happens to a request. Choices are numbered from 0; each one's tokens come in order and before its end.
public enum AnswerEvent: Sendable {
    /// Its turn came, `queueSeconds` after it arrived.
    case started(promptTokens: Int, queueSeconds: Double)
    /// A choice has a further token. The texts of a choice's tokens, joined, are the text of its answer.
    case token(choice: Int, AnswerToken)
    /// A choice is over. All times of the answer count from the arrival of the request.
    case finished(choice: Int, Answer)
}

/// A token of an answer.
public struct AnswerToken: Sendable, Equatable {
    /// A token that could have been chosen.
    public struct Alternative: Sendable, Equatable {
        /// Token id.
        public let id: Int
        /// The bytes of the token itself; they may be a part of a character.
        public let bytes: [UInt8]
        /// Natural logarithm of its probability under the model, before any sampling setting.
        public let logProbability: Double
    }

    /// Token id.
    public let id: Int
    /// The bytes of the token itself, for a special one its spelling; they may be a part of a character.
    public let bytes: [UInt8]
    /// Text that is now certainly part of the answer: empty while it could become a stop text or half a character.
    public let text: String
    /// Natural logarithm of its probability under the model, before any sampling setting.
    public let logProbability: Double
    /// The most likely tokens at this place, most likely first, as many as were asked for.
    public let alternatives: [Alternative]
    /// True for the special token that ended the answer; it is not part of the text.
    public let isEnd: Bool
    /// Seconds from the arrival of the request to the choice of this token.
    public let seconds: Double
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
        }
    }
}
