/// What a canary can compare. The catalogue is closed: a metric that is not here cannot be named in a document.
///
/// What each is, its direction, its margin and its minimum stand in one table, ``MetricFacts``.
public enum Metric: String, Codable, Sendable, CaseIterable {
    // Whether the answer is right
    case exactMatch = "exact_match"
    case fieldMatch = "field_match"
    case fieldAccuracy = "field_accuracy"
    case labelRecall = "label_recall"
    case labelPrecision = "label_precision"
    case numericMatch = "numeric_match"
    case editSimilarity = "edit_similarity"
    case tokenF1 = "token_f1"
    case rougeL = "rouge_l"
    case embeddingExpected = "embedding_expected"
    case toolName = "tool_name"
    case toolArguments = "tool_arguments"
    // What can be seen in the answer
    case jsonValid = "json_valid"
    case availability
    case jsonText = "json_text"
    case schemaValid = "schema_valid"
    case contains
    case containsNot = "contains_not"
    case regex
    case blockedPattern = "blocked_pattern"
    case personalData = "personal_data"
    case languageKept = "language_kept"
    case refusal
    case truncation
    case repetition
    case loop
    // How it compares with the baseline's
    case baselineAgreement = "baseline_agreement"
    case firstDivergence = "first_divergence"
    case embeddingBaseline = "embedding_baseline"
    case topTokenChanged = "top_token_changed"
    case tokenDivergence = "token_kl"
    case baselineLogProbability = "baseline_logprob"
    // What it takes
    case timeToFirstToken = "ttft"
    case timePerOutputToken = "tpot"
    case totalTime = "total_time"
    case outputTokens = "output_tokens"
    case answerLength = "answer_length"
    case reasoningLength = "reasoning_length"
    case cost

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

    /// What a check may say besides its margin, and has to where it is needed.
    public struct Parameters: Hashable, Sendable {
        /// What it cannot be measured without.
        public var needed: [MetricParameter] = []
        /// What it can be told besides.
        public var allowed: [MetricParameter] = []
    }
}

extension Metric {
    /// The kind of number.
    public var kind: Kind { facts.kind }

    /// Whether a higher value is worse, so that documents say `mayGrow` instead of `mayDrop`.
    public var higherIsWorse: Bool { facts.higherIsWorse }

    /// The key of the margin in a check: `mayGrow` or `mayDrop`.
    public var marginKey: String { higherIsWorse ? "mayGrow" : "mayDrop" }

    /// The degradation that is allowed when a document names none; see ``CanaryCheck/margin`` for the unit.
    public var defaultMargin: Double { facts.margin }

    /// The fewest pairs that a check of the centre, the rate or the mean is judged on.
    public var minimumSamples: Int {
        facts.minimum
            ?? {
                switch kind {
                case .binary, .score: 100
                case .duration, .amount: 50
                }
            }()
    }

    /// Whether its minimum is one of its own, and not that of its kind.
    public var hasOwnMinimum: Bool { facts.minimum != nil }

    /// Whether an evaluation tells it, as a rate of right answers: a gate can ask for those only.
    public var isEvaluated: Bool {
        [.exactMatch, .fieldMatch, .toolName, .toolArguments, .jsonValid, .availability].contains(self)
    }

    /// Whether it needs requests that say what should come.
    public var needsLabels: Bool { facts.needsLabels }

    /// Whether the values are measured times, which differ from run to run.
    public var isTimed: Bool { kind == .duration }

    /// Whether it is a score from 0 to 1, so that its differences are points.
    public var isShare: Bool { kind == .score && !isInNats }

    /// Whether it is a score in nats per token.
    public var isInNats: Bool { self == .baselineLogProbability || self == .tokenDivergence }

    /// Whether it is read off an answer without anything to compare it with but another answer: nothing can be read off an
    /// empty one.
    public var readsAnswerAlone: Bool { facts.readsAnswerAlone }

    /// Whether it speaks of the text of an answer, so that nothing can be said of calls of tools without one.
    public var readsTextOnly: Bool { facts.readsTextOnly }

    /// What a check of it says besides its margin.
    public var parameters: Parameters { facts.parameters }

    /// The metric in words, for tables and pages.
    public var title: String { facts.title }

    /// What it is, in one line.
    public var summary: String { facts.summary }
}
