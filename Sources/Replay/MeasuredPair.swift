import RegistryTypes
import TrafficLog
import UserDocuments

/// Both answers to one request, with what should have come.
struct MeasuredPair {
    let request: TrafficRequest
    let baseline: Sample
    let candidate: Sample
    /// Whether the pair was answered one request at a time, so that its times can be compared.
    var isTimed = true

    /// A metric of both sides; nil where it cannot be said.
    ///
    /// What the candidate failed to answer counts against it wherever a wrong answer would. What the baseline failed
    /// to answer tells nothing about the candidate, except in availability.
    func values(of metric: Metric, schema: OutputSchema?) -> (baseline: Double?, candidate: Double?) {
        if metric == .availability {
            return (baseline.isAnswered ? 1 : 0, candidate.isAnswered ? 1 : 0)
        }
        guard baseline.isAnswered else { return (nil, nil) }
        if metric == .baselineAgreement {
            return (1, AnswerCheck.exactMatch(candidate.isAnswered ? candidate.text : nil, expected: baseline.text))
        }
        let left = Self.value(of: metric, baseline, request, schema)
        guard candidate.isAnswered else { return (left, Self.valueOfNothing(metric, left)) }
        return (left, Self.value(of: metric, candidate, request, schema))
    }

    /// Whether the two sides answered differently, or one of them did not answer.
    var isDifferent: Bool { baseline.text != candidate.text || baseline.isAnswered != candidate.isAnswered }

    private static func value(
        of metric: Metric,
        _ sample: Sample,
        _ request: TrafficRequest,
        _ schema: OutputSchema?
    ) -> Double? {
        switch metric {
        case .availability: sample.isAnswered ? 1 : 0
        case .exactMatch: AnswerCheck.exactMatch(sample.text, expected: request.expected)
        case .jsonValid: AnswerCheck.jsonValid(sample.text, schema: schema)
        // It compares the two sides, so it has no value of one side alone.
        case .baselineAgreement: nil
        case .refusal: sample.text.map { RefusalPattern.matches($0) ? 1 : 0 }
        case .timeToFirstToken: sample.ttftSeconds
        case .timePerOutputToken: sample.tpotSeconds
        case .totalTime: sample.totalSeconds
        case .outputTokens: sample.outputTokens.map(Double.init)
        case .baselineLogProbability:
            if let sum = sample.answerScore, let count = sample.answerScoreTokens, count > 0 {
                sum / Double(count)
            } else {
                nil
            }
        }
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
}
