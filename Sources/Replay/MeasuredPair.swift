import AnswerMetrics
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import TrafficLog
import UserDocuments
import Wording

/// Both answers to one request, with what should have come.
struct MeasuredPair {
    let request: TrafficRequest
    let baseline: Sample
    let candidate: Sample
    /// Whether the pair was answered one request at a time, so that its times can be compared.
    var isTimed = true
    /// Whether the candidate answered first; nil where that is not known.
    var candidateFirst: Bool?
    /// Whether that is the order that the seed of the run drew for the pair.
    var isOrderDrawn = false

    /// A metric of both sides; nil where it cannot be said.
    ///
    /// What the candidate failed to answer counts against it wherever a wrong answer would. What the baseline failed
    /// to answer tells nothing about the candidate, except in availability.
    func values(of measure: Measure, schema: OutputSchema?) -> (baseline: Double?, candidate: Double?) {
        let metric = measure.metric
        if metric == .availability {
            return (baseline.answers(request) ? 1 : 0, candidate.answers(request) ? 1 : 0)
        }
        // An empty answer shows nothing of how it is put, as none does; whether it is right can be said.
        let readsText = metric.readsAnswerAlone
        guard readsText ? baseline.answers(request) : baseline.isAnswered else { return (nil, nil) }
        let isThere = readsText ? candidate.answers(request) : candidate.isAnswered
        switch metric {
        case .baselineAgreement:
            let comparison = AnswerComparison(schema)
            let same = AnswerCheck.exactMatch(isThere ? candidate.text : nil, expected: baseline.text, as: comparison)
            return (1, candidate.asksTheSame(as: baseline) ? same : 0)
        case .firstDivergence:
            guard !baseline.isCall, !candidate.isCall, let text = baseline.text else { return (nil, nil) }
            return (1, isThere ? candidate.text.flatMap { EditSimilarity.commonBeginning(of: $0, text) } : nil)
        default: break
        }
        let left = measure.value(baseline, request, schema: schema)
        guard isThere else { return (left, Self.valueOfNothing(metric, left)) }
        // Whoever answered has finished: what an answer has no value of, such as the time per token of a single one, or the
        // JSON of a call, is no value of its pair.
        guard !isHidden(metric) else { return (nil, nil) }
        let right = measure.value(candidate, request, schema: schema)
        // Only a score may be missing on one side alone: whether such are missing at random is looked at.
        return right == nil && metric.kind != .score ? (nil, nil) : (left, right)
    }

    /// Whether a limit on tokens hides what the metric looks at: how long both would have become, or whether a text that was
    /// cut too early would have begun to repeat itself.
    private func isHidden(_ metric: Metric) -> Bool {
        switch metric {
        case .outputTokens, .answerLength, .reasoningLength: baseline.isCut && candidate.isCut
        case .repetition: [baseline, candidate].contains { $0.isCut && !AnswerCheck.canRepeat($0.text) }
        case .loop: [baseline, candidate].contains { $0.isCut && !AnswerLoop.canEnd($0.text ?? "") }
        default: false
        }
    }

    /// Why a metric has no value of this pair; nil where it has one.
    func reasonWithout(_ measure: Measure, schema: OutputSchema?) -> String? {
        let (left, right) = values(of: measure, schema: schema), metric = measure.metric
        guard left == nil || right == nil else { return nil }
        for (name, sample) in [("baseline", baseline), ("candidate", candidate)] {
            if !sample.isAnswered || (metric.readsAnswerAlone && !sample.answers(request)) {
                return "the \(name) did not answer"
            }
        }
        if isHidden(metric) {
            return switch metric {
            case .repetition: "an answer was cut before its eighth word"
            case .loop: "an answer was cut before its \(AnswerLoop.minimumScalars)th character"
            default: "both answers were cut at their limit of tokens"
            }
        }
        if metric.readsTextOnly, baseline.isCall || candidate.isCall { return "a tool was called instead of an answer" }
        if metric.needsLabels, request.expected == nil { return "nothing is expected" }
        switch metric {
        case .timePerOutputToken: return "an answer of one token has no time per token"
        case .jsonValid:
            return schema == nil ? "the prompt has no output schema" : "a tool was called instead of an answer"
        case .baselineLogProbability: return "the engine gave no score of the answer"
        case .topTokenChanged, .tokenDivergence: return "the engines cannot read the answer in step"
        case .embeddingExpected, .embeddingBaseline: return "the engine cannot place the texts"
        case .timeToFirstToken, .totalTime: return "no time was measured"
        case .languageKept: return "the language of an answer cannot be told"
        case .editSimilarity, .rougeL: return "an answer and what is expected are too long to compare"
        case .fieldMatch, .fieldAccuracy, .labelRecall, .labelPrecision, .numericMatch, .toolName, .toolArguments,
            .tokenF1:
            return measure.isAsked(by: request) ? "it is no value of a single pair" : measure.reasonNotAsked
        default: return "it was not recorded"
        }
    }

    /// Whether the two sides answered differently, or one of them did not answer.
    var isDifferent: Bool {
        baseline.text != candidate.text || baseline.asked != candidate.asked
            || baseline.isAnswered != candidate.isAnswered
    }

    /// What a missing answer of the candidate counts as: bad where answers are good or bad, left out elsewhere.
    private static func valueOfNothing(_ metric: Metric, _ baseline: Double?) -> Double? {
        guard metric.kind == .binary, baseline != nil else { return nil }
        return metric.higherIsWorse ? 1 : 0
    }
}

extension Sample {
    /// Whether something came at all.
    var isAnswered: Bool { error == nil && text != nil }

    /// Whether what came is an answer: a text, a call, or nothing where nothing is what should come.
    func answers(_ request: TrafficRequest) -> Bool {
        guard isAnswered else { return false }
        return calls != nil || !AnswerCheck.isBlank(text) || request.expected.map { AnswerCheck.isBlank($0) } == true
    }

    /// Whether it calls the same tools with the same arguments, which are JSON.
    func asksTheSame(as other: Sample) -> Bool {
        let (left, right) = (calls ?? [], other.calls ?? [])
        return left.count == right.count
            && zip(left, right).allSatisfy { left, right in
                left.name.utf8.elementsEqual(right.name.utf8)
                    && AnswerCheck.exactMatch(left.arguments, expected: right.arguments, as: .json) == 1
            }
    }

    /// Whether its limit on tokens ended it.
    var isCut: Bool { finish == Answer.Finish.length.rawValue }

    /// Whether it calls tools and says nothing besides.
    var isCall: Bool { calls != nil && text?.isEmpty == true }

    /// What its calls ask for, as it is written, whatever they are called by.
    var asked: [[String]] { (calls ?? []).map { [$0.name, $0.arguments] } }
}

extension AnswerComparison {
    /// How answers of a prompt with this output schema are compared.
    init(_ schema: OutputSchema?) { self = schema == nil ? .text : .json }
}

/// Which differing pairs a reviewer should see first.
enum WorstPairs {
    /// The pairs with most degradation: worse on most deciding yes-or-no metrics, critical ones first; ties by order of the run.
    static func select(
        from pairs: [MeasuredPair],
        document: CanaryDocument,
        schema: OutputSchema?,
        limit: Int
    ) -> [CanaryReport.Pair] {
        let checks = document.checks.filter { $0.metric.kind == .binary && !$0.isWatchOnly }
        let ranked = pairs.enumerated().compactMap { index, pair -> (rank: Int, index: Int, worse: [String])? in
            guard pair.isDifferent else { return nil }
            var rank = 0
            var worse: [String] = []
            for check in checks {
                let (baseline, candidate) = pair.values(of: check.measure, schema: schema)
                guard let baseline, let candidate, baseline != candidate else { continue }
                if (candidate > baseline) == check.metric.higherIsWorse {
                    rank += check.isCritical ? 10 : 1
                    worse.append(check.measure.identity)
                } else {
                    rank -= 1
                }
            }
            return (rank, index, worse)
        }
        return ranked.sorted { ($1.rank, $0.index) < ($0.rank, $1.index) }.prefix(limit).map { entry in
            let pair = pairs[entry.index]
            return CanaryReport.Pair(
                request: pair.request.id,
                input: input(of: pair.request),
                expected: pair.request.expected,
                expectedFrom: pair.request.expectedFrom,
                baseline: side(pair.baseline),
                candidate: side(pair.candidate),
                worse: entry.worse
            )
        }
    }

    /// What was asked: the only value, each value with its name, or the turns of a conversation.
    static func input(of request: TrafficRequest) -> String { RequestTexts.input(of: request) }

    static func side(_ sample: Sample) -> CanaryReport.Side {
        CanaryReport.Side(
            text: sample.text,
            thinking: sample.thinking,
            calls: sample.calls,
            error: sample.error,
            outputTokens: sample.outputTokens
        )
    }
}
