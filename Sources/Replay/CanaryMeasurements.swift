import AnswerMetrics
import CanaryJudge
import RegistryRecords
import RegistryTypes
import TrafficLog
import UserDocuments
import Wording

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
    /// How answers are compared with what should come.
    let comparison: AnswerComparison
    /// Which conversation each pair belongs to.
    let conversations: Conversations
    /// What the pairs are told apart by.
    private let slices: [String: [String?]]
    private let protected: [JudgedRun.ProtectedSlice]
    private let candidateFirst: [Bool]?
    private let isOrderDrawn: Bool

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
        comparison = AnswerComparison(schema)
        definitions = checks.map { CheckDefinition($0) }
        policy = JudgePolicy(document.promise)
        self.unapplied = unapplied
        var samples: [String: MetricSamples] = [:]
        for measure in Set(checks.map(\.measure)) {
            samples[measure.identity] = Self.samples(of: measure, pairs, schema: schema)
        }
        self.samples = samples
        conversations = Conversations(of: pairs.map(\.request))
        let keys = document.slices?.by ?? []
        slices = Dictionary(uniqueKeysWithValues: keys.map { key in (key, pairs.map { $0.request.slice(by: key) }) })
        // A check that does not apply is decided by what stands for it, in its slices too.
        let agreement = checks.first { $0.metric == .baselineAgreement && !$0.isWatchOnly }?.name
        protected = (document.slices?.protect ?? []).map { slice in
            let isUnapplied = unapplied.contains { $0.name == slice.check }
            return JudgedRun.ProtectedSlice(
                key: slice.slice,
                value: slice.value,
                check: isUnapplied ? agreement ?? slice.check : slice.check,
                margin: slice.margin
            )
        }
        let first = pairs.compactMap(\.candidateFirst)
        candidateFirst = first.count == pairs.count ? first : nil
        isOrderDrawn = pairs.allSatisfy(\.isOrderDrawn)
    }

    /// All of it, as the judge takes it.
    var run: JudgedRun {
        var run = JudgedRun(definitions, samples: samples)
        run.policy = policy
        run.clusters = conversations.clusters
        run.candidateFirst = candidateFirst
        run.isOrderDrawn = isOrderDrawn
        run.slices = slices
        run.protected = protected
        return run
    }

    /// Keys that no request says anything of.
    var silentSlices: [String] { slices.filter { $0.value.allSatisfy { $0 == nil } }.keys.sorted() }

    /// How often a label must be said on either side, so that its precision can be told.
    private static let minimumSaid = 20

    private static func samples(of measure: Measure, _ pairs: [MeasuredPair], schema: OutputSchema?) -> MetricSamples {
        // A request that does not ask for it, and a time that was not to be measured, is no missing measurement.
        let places = pairs.indices.filter {
            measure.isAsked(by: pairs[$0].request) && (!measure.metric.isTimed || pairs[$0].isTimed)
        }
        let asked = places.map { pairs[$0] }
        if asked.isEmpty, !measure.metric.isTimed, !pairs.isEmpty {
            return nothing(pairs, measure.reasonNotAsked)
        }
        switch measure.metric {
        case .labelPrecision: return precision(of: measure, asked, at: places)
        case .reasoningLength where !pairs.contains { $0.baseline.thinking != nil || $0.candidate.thinking != nil }:
            return nothing(pairs, "no answer thinks before it speaks")
        default:
            let values = asked.map { $0.values(of: measure, schema: schema) }
            return MetricSamples(
                baseline: values.map(\.baseline),
                candidate: values.map(\.candidate),
                whyMissing: mainReason(asked.compactMap { $0.reasonWithout(measure, schema: schema) }),
                places: places.count == pairs.count ? nil : places
            )
        }
    }

    /// The values of a ratio over all answers. What the candidate does not answer says no label.
    private static func precision(of measure: Measure, _ asked: [MeasuredPair], at places: [Int]) -> MetricSamples {
        let answered = asked.indices.filter { asked[$0].baseline.isAnswered }
        let pairs = answered.map { asked[$0] }
        let sides = [("baseline", pairs.map(\.baseline)), ("candidate", pairs.map(\.candidate))].map { name, samples in
            (
                name,
                LabelPrecision(
                    zip(samples, pairs).map { measure.outcome($0, $1.request) ?? (isSaid: false, isRight: false) }
                )
            )
        }
        for (name, precision) in sides where precision.said < minimumSaid {
            return nothing(
                asked,
                "\(NumberText.count(precision.said, "answer")) of the \(name) say the label, and it takes \(minimumSaid)"
            )
        }
        return MetricSamples(
            baseline: sides[0].1.values,
            candidate: sides[1].1.values,
            whyMissing: pairs.count == asked.count ? nil : "the baseline did not answer",
            places: answered.map { places[$0] }
        )
    }

    private static func nothing(_ pairs: [MeasuredPair], _ reason: String) -> MetricSamples {
        let none = [Double?](repeating: nil, count: pairs.count)
        return MetricSamples(baseline: none, candidate: none, whyMissing: reason)
    }

    /// The reason that is met most often, and how often where it is not the only one.
    private static func mainReason(_ reasons: [String]) -> String? {
        let counts = reasons.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        guard let main = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else { return nil }
        return main.value == reasons.count ? main.key : "\(main.key) in \(NumberText.count(main.value)) of them"
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
