import CanaryJudge
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
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
            let same = AnswerCheck.exactMatch(candidate.isAnswered ? candidate.text : nil, expected: baseline.text)
            return (1, candidate.asked == baseline.asked ? same : 0)
        }
        let left = Self.value(of: metric, baseline, request, schema)
        guard candidate.isAnswered else { return (left, Self.valueOfNothing(metric, left)) }
        return (left, Self.value(of: metric, candidate, request, schema))
    }

    /// Whether the two sides answered differently, or one of them did not answer.
    var isDifferent: Bool {
        baseline.text != candidate.text || baseline.asked != candidate.asked
            || baseline.isAnswered != candidate.isAnswered
    }

    private static func value(
        of metric: Metric,
        _ sample: Sample,
        _ request: TrafficRequest,
        _ schema: OutputSchema?
    ) -> Double? {
        switch metric {
        case .availability: sample.isAnswered ? 1 : 0
        case .exactMatch: AnswerCheck.exactMatch(sample.text, expected: request.expected)
        // Calls of tools instead of an answer are not what the schema speaks of.
        case .jsonValid: sample.isCall ? nil : AnswerCheck.jsonValid(sample.text, schema: schema)
        // It compares the two sides, so it has no value of one side alone.
        case .baselineAgreement: nil
        case .refusal: sample.text.map { RefusalPattern.matches($0) ? 1 : 0 }
        case .truncation: sample.finish.map { $0 == Answer.Finish.length.rawValue ? 1.0 : 0 }
        case .repetition: AnswerCheck.repetition(sample.text)
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

    /// Whether it calls tools and says nothing besides.
    var isCall: Bool { calls != nil && text?.isEmpty == true }

    /// What its calls ask for, whatever they are called by.
    var asked: [[String]] { (calls ?? []).map { [$0.name, $0.arguments] } }
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

    /// Whether the answer repeats itself; nil when there is none.
    ///
    /// At least half of its runs of four words occurred in it before: 1 − |different runs| ÷ |runs| ≥ 0.5 (seq-rep-4,
    /// Welleck et al., 2019, "Neural Text Generation with Unlikelihood Training"). Words end at white space. What is
    /// longer than 32 bytes is no word but a script without blanks, or a loop within a word: its characters (Unicode
    /// scalars) count as words. An answer of fewer than eight words repeats nothing.
    public static func repetition(_ answer: String?) -> Double? {
        guard let answer else { return nil }
        var words: [Substring.UTF8View] = []
        for word in answer.utf8.split(whereSeparator: isSpace) {
            if word.count <= 32 {
                words.append(word)
            } else {
                let text = Substring(word)
                words += text.unicodeScalars.indices.map { index in
                    text[index..<text.unicodeScalars.index(after: index)].utf8
                }
            }
        }
        guard words.count >= 8 else { return 0 }
        let runs = words.count - 3
        let different = Set(
            (0..<runs).map { start in
                words[start..<start + 4].reduce(into: [UInt8]()) { run, word in
                    run += word
                    run.append(0x20)
                }
            }
        )
        return 2 * (runs - different.count) >= runs ? 1 : 0
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    private static func trimmed(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first, isSpace(byte) { bytes = bytes.dropFirst() }
        while let byte = bytes.last, isSpace(byte) { bytes = bytes.dropLast() }
        return Array(bytes)
    }
}

/// Turns stored samples and a canary document into what the judge takes: definitions and values by metric.
///
/// Where too few requests say what should come, a check that needs that does not apply. It is never left out
/// silently: when it would have decided, agreement with the baseline's answer decides with the same margin. That is
/// stricter, because an answer that is different and also right counts against the candidate.
///
/// Pure: the same samples and document give the same input, so a verdict can be recomputed at any time.
struct CanaryMeasurements {
    /// The checks in the order of the document.
    let definitions: [CheckDefinition]
    /// The values by metric, aligned by pair.
    let samples: [String: MetricSamples]
    /// The error rates.
    let policy: JudgePolicy
    /// What does not apply.
    let unapplied: [UnappliedCheck]

    init(document: CanaryDocument, pairs: [MeasuredPair], schema: OutputSchema?) {
        let labelled = pairs.filter { $0.request.expected != nil }
        var checks: [CanaryCheck] = []
        var unapplied: [UnappliedCheck] = []
        for check in document.checks {
            let isShort = labelled.count < pairs.count && labelled.count < check.metric.minimumSamples
            guard check.metric.needsLabels, isShort else {
                checks.append(check)
                continue
            }
            let hasAgreement = (checks + document.checks).contains {
                $0.metric == .baselineAgreement && !$0.isWatchOnly
            }
            let substitute = check.isWatchOnly || hasAgreement ? nil : check.onAgreement
            if let substitute { checks.append(substitute) }
            unapplied.append(
                UnappliedCheck(
                    name: check.name,
                    metric: check.metric,
                    reason: labelled.isEmpty
                        ? "no request of the set says what should come"
                        : "only \(labelled.count) of \(pairs.count) requests say what should come, "
                            + "and it takes \(check.metric.minimumSamples)",
                    replacedBy: substitute?.name
                )
            )
        }
        definitions = checks.map { CheckDefinition($0) }
        policy = JudgePolicy(document.promise)
        self.unapplied = unapplied
        var samples: [String: MetricSamples] = [:]
        for metric in Set(checks.map(\.metric)) {
            // A request without a label, and a time that was not to be measured, is no missing measurement.
            let asked = metric.needsLabels ? labelled : metric.isTimed ? pairs.filter(\.isTimed) : pairs
            let values = asked.map { $0.values(of: metric, schema: schema) }
            samples[metric.rawValue] = MetricSamples(
                baseline: values.map(\.baseline),
                candidate: values.map(\.candidate)
            )
        }
        self.samples = samples
    }
}

extension CanaryCheck {
    /// The same check on agreement with the baseline's answer.
    fileprivate var onAgreement: CanaryCheck {
        CanaryCheck(
            name: Metric.baselineAgreement.title,
            metric: .baselineAgreement,
            margin: margin,
            isCritical: isCritical
        )
    }
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
                let (baseline, candidate) = pair.values(of: check.metric, schema: schema)
                guard let baseline, let candidate, baseline != candidate else { continue }
                if (candidate > baseline) == check.metric.higherIsWorse {
                    rank += check.isCritical ? 10 : 1
                    worse.append(check.metric.rawValue)
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
                baseline: side(pair.baseline),
                candidate: side(pair.candidate),
                worse: entry.worse
            )
        }
    }

    /// What was asked: the only value, or each value with its name.
    static func input(of request: TrafficRequest) -> String {
        if request.variables.count == 1, let value = request.variables.values.first { return value }
        return request.variables.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    }

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
