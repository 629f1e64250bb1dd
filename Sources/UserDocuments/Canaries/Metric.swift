/// What a canary can compare. The catalogue is closed: a metric that is not here cannot be named in a document.
public enum Metric: String, Codable, Sendable, CaseIterable {
    /// Whether the answer is the expected one, byte for byte after trimming.
    case exactMatch = "exact_match"
    /// Whether the answer is JSON that the prompt's output schema accepts.
    case jsonValid = "json_valid"
    /// Whether an answer came at all.
    case availability
    /// Whether the answer refuses to answer.
    case refusal
    /// Whether the answer was cut off at the limit of its tokens.
    case truncation
    /// Whether the answer repeats itself: at least half of its runs of four words were there before (seq-rep-4 of
    /// Welleck et al., 2019). What a model does that was damaged by quantising: it ends in a loop.
    case repetition
    /// Seconds from the request to the first token.
    case timeToFirstToken = "ttft"
    /// Seconds per token after the first.
    case timePerOutputToken = "tpot"
    /// Seconds from the request to the last token.
    case totalTime = "total_time"
    /// Tokens of the answer.
    case outputTokens = "output_tokens"
    /// Whether the answer is the baseline's, byte for byte after trimming.
    case baselineAgreement = "baseline_agreement"
    /// Mean natural logarithm of the probability of each token of the baseline's answer, in nats per token.
    case baselineLogProbability = "baseline_logprob"

    /// The kind of number, which decides the test.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// Yes or no per request; the effect is a difference of shares.
        case binary
        /// Seconds; the effect is the mean logarithm of the ratio within a pair.
        case duration
        /// A count whose sum is the bill; the effect is the logarithm of the ratio of the means.
        case amount
        /// A number on a fixed scale; the effect is a mean difference.
        case score
    }

    /// The kind of number.
    public var kind: Kind {
        switch self {
        case .exactMatch, .jsonValid, .availability, .refusal, .truncation, .repetition, .baselineAgreement: .binary
        case .timeToFirstToken, .timePerOutputToken, .totalTime: .duration
        case .outputTokens: .amount
        case .baselineLogProbability: .score
        }
    }

    /// Whether a higher value is worse, so that documents say `mayGrow` instead of `mayDrop`.
    public var higherIsWorse: Bool {
        switch self {
        case .exactMatch, .jsonValid, .availability, .baselineAgreement, .baselineLogProbability: false
        case .refusal, .truncation, .repetition, .timeToFirstToken, .timePerOutputToken, .totalTime, .outputTokens: true
        }
    }

    /// The key of the margin in a check: `mayGrow` or `mayDrop`.
    public var marginKey: String { higherIsWorse ? "mayGrow" : "mayDrop" }

    /// The degradation that is allowed when a document names none; see ``CanaryCheck/margin`` for the unit.
    public var defaultMargin: Double {
        switch self {
        case .exactMatch, .refusal, .truncation, .repetition: 0.02
        case .jsonValid: 0.005
        case .availability: 0.01
        case .baselineAgreement: 0.05
        case .timeToFirstToken, .timePerOutputToken, .totalTime: 0.05
        case .outputTokens: 0.10
        case .baselineLogProbability: 0.01
        }
    }

    /// The fewest pairs that a check of the centre, the rate or the mean is judged on.
    public var minimumSamples: Int {
        switch kind {
        case .binary: 100
        case .duration, .amount: 50
        case .score: self == .baselineLogProbability ? 30 : 100
        }
    }

    /// Whether an evaluation tells it, as a rate of right answers: a gate can ask for those only.
    public var isEvaluated: Bool {
        switch self {
        case .exactMatch, .jsonValid, .availability: true
        case .refusal, .truncation, .repetition, .timeToFirstToken, .timePerOutputToken, .totalTime, .outputTokens,
            .baselineAgreement, .baselineLogProbability:
            false
        }
    }

    /// Whether it needs requests that say what should come.
    public var needsLabels: Bool { self == .exactMatch }

    /// Whether the values are measured times, which differ from run to run.
    public var isTimed: Bool { kind == .duration }

    /// The metric in words, for tables and pages.
    public var title: String {
        switch self {
        case .exactMatch: "exact match"
        case .jsonValid: "valid JSON"
        case .availability: "requests answered"
        case .refusal: "refusals"
        case .truncation: "answers cut at their limit"
        case .repetition: "answers that repeat themselves"
        case .baselineAgreement: "agreement with the baseline"
        case .timeToFirstToken: "time to first token"
        case .timePerOutputToken: "time per output token"
        case .totalTime: "total time"
        case .outputTokens: "output tokens"
        case .baselineLogProbability: "log-probability of the baseline's answer"
        }
    }
}
