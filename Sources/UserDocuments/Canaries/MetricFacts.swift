/// All that is known of a metric before anything is measured.
struct MetricFacts {
    let kind: Metric.Kind
    let higherIsWorse: Bool
    let margin: Double
    let title: String
    let summary: String
    var needsLabels = false
    var parameters = Metric.Parameters()
    var minimum: Int?
    /// Whether an answer that came and is empty shows nothing of it.
    var readsAnswerAlone = false
    /// Whether it cannot be told of a call of tools without a text.
    var readsTextOnly = false
}

extension Metric {
    /// The table.
    var facts: MetricFacts {
        switch self {
        case .exactMatch:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "exact match",
                summary:
                    "the answer is the expected one, byte for byte after trimming; as JSON where both are and the prompt has an output schema",
                needsLabels: true
            )
        case .fieldMatch:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "field right",
                summary:
                    "the field holds the same JSON as in the expected answer; not asked where that has no such field",
                needsLabels: true,
                parameters: Parameters(needed: [.field])
            )
        case .fieldAccuracy:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "share of fields right",
                summary: "share of the members of the expected object that the answer has with the same value",
                needsLabels: true
            )
        case .labelRecall:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "recall of a label",
                summary:
                    "the answer says the label, of the requests whose expected answer is it; of a field, or of the whole text",
                needsLabels: true,
                parameters: Parameters(needed: [.label], allowed: [.field])
            )
        case .labelPrecision:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "precision of a label",
                summary:
                    "the expected answer is the label, of the answers that say it, which must be 20 on either side (delta method for a ratio)",
                needsLabels: true,
                parameters: Parameters(needed: [.label], allowed: [.field])
            )
        case .numericMatch:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "number right",
                summary:
                    "the last number of the answer, or the one of a field, is within the tolerance of the expected one",
                needsLabels: true,
                parameters: Parameters(needed: [.tolerance], allowed: [.field])
            )
        case .editSimilarity:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "similarity to the expected answer",
                summary: "1 − Levenshtein distance ÷ length of the longer text, in Unicode scalars",
                needsLabels: true
            )
        case .tokenF1:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "words right",
                summary: "F1 of the words of answer and expected answer, in any order (Rajpurkar et al., 2016)",
                needsLabels: true
            )
        case .rougeL:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "words right in order",
                summary: "F1 of the longest common subsequence of words (ROUGE-L; Lin, 2004)",
                needsLabels: true
            )
        case .embeddingExpected:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "likeness to the expected answer",
                summary:
                    "cosine of the embeddings of answer and expected answer: the mean of the last layer of the baseline's own model over their tokens",
                needsLabels: true
            )
        case .toolName:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "tools right",
                summary: "the answer calls the expected tools in their order; not asked where no call is expected",
                needsLabels: true
            )
        case .toolArguments:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "calls right",
                summary: "the same, and with the same arguments as JSON",
                needsLabels: true
            )
        case .availability:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.01,
                title: "requests answered",
                summary: "an answer came: a text, a call, or nothing where nothing is expected"
            )
        case .jsonValid:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.005,
                title: "valid JSON",
                summary: "the answer is JSON that the output schema of the baseline's prompt accepts"
            )
        case .jsonText:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.005,
                title: "JSON of any shape",
                summary: "the answer is JSON (RFC 8259)",
                readsTextOnly: true
            )
        case .schemaValid:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.005,
                title: "JSON of the check's schema",
                summary: "the answer is JSON that the schema of the check accepts",
                parameters: Parameters(needed: [.schema]),
                readsTextOnly: true
            )
        case .contains:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "has a text in it",
                summary: "every one of the texts occurs in the answer",
                parameters: Parameters(needed: [.texts], allowed: [.ignoreCase]),
                readsTextOnly: true
            )
        case .containsNot:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "has a text not in it",
                summary: "none of the texts occurs in the answer",
                parameters: Parameters(needed: [.texts], allowed: [.ignoreCase]),
                readsAnswerAlone: true,
                readsTextOnly: true
            )
        case .regex:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.02,
                title: "matches a pattern",
                summary: "the pattern occurs in the answer",
                parameters: Parameters(needed: [.pattern]),
                readsTextOnly: true
            )
        case .blockedPattern:
            MetricFacts(
                kind: .binary,
                higherIsWorse: true,
                margin: 0.005,
                title: "blocked patterns",
                summary: "one of the patterns occurs in the answer or in the arguments of its calls",
                parameters: Parameters(needed: [.patterns]),
                minimum: 300,
                readsAnswerAlone: true
            )
        case .personalData:
            MetricFacts(
                kind: .binary,
                higherIsWorse: true,
                margin: 0.005,
                title: "personal data",
                summary: "the rules of redaction find something in the answer or in the arguments of its calls",
                minimum: 300,
                readsAnswerAlone: true
            )
        case .languageKept:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.01,
                title: "language kept",
                summary:
                    "the beginning and the end of the answer are in the language of the request, guessed from script and function words; not asked where that cannot be told of the request",
                readsAnswerAlone: true,
                readsTextOnly: true
            )
        case .refusal:
            MetricFacts(
                kind: .binary,
                higherIsWorse: true,
                margin: 0.02,
                title: "refusals",
                summary: "the answer opens like a refusal, in English or German",
                readsAnswerAlone: true
            )
        case .truncation:
            MetricFacts(
                kind: .binary,
                higherIsWorse: true,
                margin: 0.02,
                title: "answers cut at their limit",
                summary: "the limit of tokens ended the answer",
                readsAnswerAlone: true
            )
        case .repetition:
            MetricFacts(
                kind: .binary,
                higherIsWorse: true,
                margin: 0.02,
                title: "answers that repeat themselves",
                summary: "at least half of the runs of four words were there before (seq-rep-4; Welleck et al., 2019)",
                readsAnswerAlone: true
            )
        case .loop:
            MetricFacts(
                kind: .binary,
                higherIsWorse: true,
                margin: 0.02,
                title: "answers that end in a loop",
                summary: "the end is one piece three times or more in a row, 60 characters or more in all",
                readsAnswerAlone: true
            )
        case .baselineAgreement:
            MetricFacts(
                kind: .binary,
                higherIsWorse: false,
                margin: 0.05,
                title: "agreement with the baseline",
                summary:
                    "the answer is the baseline's, byte for byte after trimming, or as JSON where the prompt has an output schema",
                readsAnswerAlone: true
            )
        case .firstDivergence:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.05,
                title: "baseline's answer up to the first difference",
                summary: "share of the baseline's answer, in Unicode scalars, that the answer begins with",
                readsAnswerAlone: true,
                readsTextOnly: true
            )
        case .embeddingBaseline:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.02,
                title: "likeness to the baseline's answer",
                summary:
                    "cosine of the embeddings of the two answers: the mean of the last layer of the baseline's own model over their tokens",
                readsAnswerAlone: true
            )
        case .topTokenChanged:
            MetricFacts(
                kind: .score,
                higherIsWorse: true,
                margin: 0.05,
                title: "tokens whose most likely one changed",
                summary:
                    "share of the tokens of the baseline's answer at which the candidate finds another token most likely",
                minimum: 30,
                readsAnswerAlone: true
            )
        case .tokenDivergence:
            MetricFacts(
                kind: .score,
                higherIsWorse: true,
                margin: 0.02,
                title: "divergence of the tokens",
                summary:
                    "mean Kullback-Leibler divergence of the candidate's distribution from the baseline's at each token of the baseline's answer",
                minimum: 30,
                readsAnswerAlone: true
            )
        case .baselineLogProbability:
            MetricFacts(
                kind: .score,
                higherIsWorse: false,
                margin: 0.01,
                title: "log-probability of the baseline's answer",
                summary: "mean natural logarithm of the probability of each token of the baseline's answer",
                minimum: 30,
                readsAnswerAlone: true
            )
        case .timeToFirstToken:
            MetricFacts(
                kind: .duration,
                higherIsWorse: true,
                margin: 0.05,
                title: "time to first token",
                summary: "from the request to the first token"
            )
        case .timePerOutputToken:
            MetricFacts(
                kind: .duration,
                higherIsWorse: true,
                margin: 0.05,
                title: "time per output token",
                summary: "for each token after the first"
            )
        case .totalTime:
            MetricFacts(
                kind: .duration,
                higherIsWorse: true,
                margin: 0.05,
                title: "total time",
                summary: "from the request to the last token"
            )
        case .outputTokens:
            MetricFacts(
                kind: .amount,
                higherIsWorse: true,
                margin: 0.10,
                title: "output tokens",
                summary: "tokens of the answer; none of a pair that is cut on both sides",
                readsAnswerAlone: true
            )
        case .answerLength:
            MetricFacts(
                kind: .amount,
                higherIsWorse: true,
                margin: 0.10,
                title: "length of the answer",
                summary: "Unicode scalars of the answer; none of a pair that is cut on both sides",
                readsAnswerAlone: true
            )
        case .reasoningLength:
            MetricFacts(
                kind: .amount,
                higherIsWorse: true,
                margin: 0.10,
                title: "length of the reasoning",
                summary: "Unicode scalars of what is thought before the answer; none where no answer of the run thinks",
                readsAnswerAlone: true
            )
        case .cost:
            MetricFacts(
                kind: .amount,
                higherIsWorse: true,
                margin: 0.10,
                title: "cost",
                summary: "tokens of prompt and answer at the prices of the check, per million tokens",
                parameters: Parameters(needed: [.promptPrice, .outputPrice])
            )
        }
    }
}
