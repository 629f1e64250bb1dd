import ChatTemplate
import Inference
public import RegistryTypes
import SeededRandom

/// What a release answered, and how long it took.
public struct Answer: Hashable, Sendable {
    /// Why the answer ended.
    public enum Finish: String, Codable, Sendable {
        /// The model ended it, or a stop text did.
        case stop
        /// It reached the most tokens it may have, or the end of the context.
        case length
    }

    /// What it says: without thinking and calls of tools, where the prompt's template keeps them apart.
    public let text: String
    /// What was thought before; nil when nothing was.
    public let thinking: String?
    /// The tools that it calls, in order.
    public let calls: [ToolCall]
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
    /// How many of its bytes were no UTF-8 and show as U+FFFD.
    public let invalidBytes: Int
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
    /// Text that is now certainly part of the thinking before the answer.
    public let thinking: String
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
    ///
    /// - Parameters:
    ///   - reader: Took all of its text, and is over.
    ///   - seed: Of the choice; the ids of calls come from it, so that the same request has the same ones.
    init(_ generation: Generation, _ reader: AnswerReader, seed: UInt64) {
        let all = generation.tokens + (generation.endToken.map { [$0] } ?? [])
        self.init(
            text: reader.text,
            thinking: reader.thinking,
            calls: Self.calls(reader.calls, seed: all.reduce(seed) { ($0 ^ UInt64($1.id)) &* 0x100_0000_01b3 }),
            tokens: all.map(\.id),
            logProbabilities: all.map(\.logProbability),
            finish: Finish(generation.finishReason),
            promptTokens: generation.promptTokenCount,
            outputTokens: generation.tokens.count,
            firstTokenSeconds: generation.secondsToFirstToken,
            perTokenSeconds: generation.secondsPerOutputToken,
            totalSeconds: generation.totalSeconds,
            invalidBytes: generation.invalidBytes
        )
    }
}

extension Answer {
    /// Nine letters and digits name a call, as the strictest of the families wants it.
    private static func calls(_ written: [WrittenToolCall], seed: UInt64) -> [ToolCall] {
        let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        return written.enumerated().map { index, call in
            var number = SplitMix64.number(index + 1, ofSeed: seed)
            var id: [UInt8] = []
            for _ in 0..<9 {
                id.append(digits[Int(number % 36)])
                number /= 36
            }
            return ToolCall(id: String(decoding: id, as: UTF8.self), name: call.name, arguments: call.arguments)
        }
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
