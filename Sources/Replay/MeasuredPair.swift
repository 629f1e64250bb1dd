import RegistryTypes
import TrafficLog
public import UserDocuments

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

/// Yes-or-no metrics of one answer: 1 means the word of the metric holds, nil that it cannot be said.
public enum AnswerCheck {
    /// Whether the answer is what was expected, apart from white space around it; nil when nobody said what to expect.
    public static func exactMatch(_ answer: String?, expected: String?) -> Double? {
        guard let expected else { return nil }
        guard let answer else { return 0 }
        return trimmed(answer) == trimmed(expected) ? 1 : 0
    }

    /// Whether the answer is JSON that fits the prompt's schema; nil when the prompt has none.
    public static func jsonValid(_ answer: String?, schema: OutputSchema?) -> Double? {
        guard let schema else { return nil }
        guard let answer else { return 0 }
        return schema.problems(in: answer).isEmpty ? 1 : 0
    }

    private static func trimmed(_ text: String) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first, isSpace(byte) { bytes = bytes.dropFirst() }
        while let byte = bytes.last, isSpace(byte) { bytes = bytes.dropLast() }
        return Array(bytes)
    }
}
