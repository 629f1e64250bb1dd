public import RegistryRecords
import RegistryTypes
import Statistics
public import UserDocuments

/// Judges a candidate against a baseline at one fixed look: samples and margins in, checks and verdict out.
///
/// Pure: equal samples, definitions and policy give an equal judgment, byte for byte.
///
/// - Parameters:
///   - definitions: the checks, in the order of the canary document.
///   - samples: values by metric; a metric without samples is judged inconclusive, never skipped.
///   - policy: error rates and minimum sizes.
///   - pairing: whether both arms answered the same requests.
public func judge(
    _ definitions: [CheckDefinition],
    samples: [String: MetricSamples],
    policy: JudgePolicy = JudgePolicy(),
    pairing: Pairing = .paired
) -> Judgment {
    let nothing = MetricSamples(baseline: [], candidate: [])
    let measured = definitions.flatMap { definition in
        let values = samples[definition.metric] ?? nothing
        return pairing == .paired
            ? Measurement.paired(definition, values, policy) : Measurement.unpaired(definition, values, policy)
    }
    // Any deciding check can fail the run, so together they are one family (Holm 1979). Passing needs every one of
    // them and no correction (intersection-union test, Berger 1982).
    let deciding = measured.filter { !$0.definition.watchOnly }
    var adjusted = Multiplicity.holm(deciding.map { $0.effect?.pDegradation ?? 1 }).makeIterator()
    let checks = measured.map { measurement in
        measurement.result(
            pAdjusted: measurement.definition.watchOnly ? nil : adjusted.next(),
            decidingChecks: deciding.count,
            policy: policy
        )
    }
    let verdict = runVerdict(checks)
    return Judgment(
        verdict: verdict,
        reasons: reasons(verdict, checks),
        checks: checks,
        alphaFail: policy.alphaFail.isFinite ? policy.alphaFail : 0
    )
}

/// Judges a canary document: ``judge(_:samples:policy:pairing:)`` with the document's checks and promises.
///
/// - Parameter samples: paired values by metric; durations in seconds, yes-or-no metrics as 1 and 0.
public func judge(_ document: CanaryDocument, samples: [Metric: MetricSamples]) -> Judgment {
    judge(
        document.checks.map(CheckDefinition.init),
        samples: Dictionary(uniqueKeysWithValues: samples.map { ($0.key.rawValue, $0.value) }),
        policy: JudgePolicy(document.promise)
    )
}

/// Any fail fails; else anything open keeps the run open; else anything marginal; else it passes.
private func runVerdict(_ checks: [CheckResult]) -> Verdict {
    let verdicts = checks.lazy.filter { !$0.watchOnly }.map(\.verdict)
    if verdicts.contains(.fail) { return .fail }
    // A canary without a deciding check has proven nothing.
    if verdicts.isEmpty || verdicts.contains(.inconclusive) { return .inconclusive }
    return verdicts.contains(.marginal) ? .marginal : .pass
}

private func reasons(_ verdict: Verdict, _ checks: [CheckResult]) -> [String] {
    let deciding = checks.filter { !$0.watchOnly }
    guard !deciding.isEmpty else { return ["no check decides: every check is watch-only or there is none"] }
    let named = deciding.filter { $0.verdict == verdict }
    if verdict == .pass {
        return ["\(deciding.count == 1 ? "the deciding check passes" : "all \(deciding.count) deciding checks pass")"]
    }
    // What more requests would not mend is said first; and beside what failed, what showed nothing.
    let silent = deciding.filter { $0.isWithoutEvidence == true }
    return (verdict == .inconclusive ? silent + named.filter { $0.isWithoutEvidence != true } : named + silent)
        .map { "\($0.title): \($0.reason)" }
}

/// The error rates a canary promises and what it takes to judge at all.
public struct JudgePolicy: Codable, Sendable, Hashable {
    /// Chance that a run fails a candidate without degradation, all deciding checks together.
    public var alphaFail = 0.01
    /// Chance that a check passes a candidate at or past its margin.
    public var alphaPass = 0.05
    /// The same for critical checks.
    public var criticalAlphaPass = 0.01
    /// Pairs it takes to judge any check; nil = the minimum of its kind (50 for centres of durations and amounts,
    /// 100 for everything counted or scored, 300 where safety is proven, 200 for very skewed amounts).
    public var minimumPairs: Int?
    /// Share of the pairs that may lack a value.
    public var maxMissing = 0.05

    /// The defaults of the design.
    public init() {}

    /// What a canary document promises.
    public init(_ promise: CanaryDocument.Promise) {
        alphaFail = promise.wronglyReject
        alphaPass = promise.wronglyPass
        criticalAlphaPass = min(promise.wronglyPass, CanaryDocument.Promise.criticalWronglyPass)
    }

    /// What makes the policy unusable; nil when nothing does.
    var problem: String? {
        let rates = [alphaFail, alphaPass, criticalAlphaPass]
        guard rates.allSatisfy({ $0 > 0 && $0 < 0.5 }) else {
            return "the promised error rates must lie between 0 and 50 %: correct the canary document"
        }
        // Written so that not-a-number is refused too.
        return maxMissing >= 0 && maxMissing < 1 ? nil : "the share that may be missing must be 0 to below 100 %"
    }

    /// The chance of a wrong pass that `definition` is held to.
    func alphaPass(for definition: CheckDefinition) -> Double {
        definition.critical ? min(alphaPass, criticalAlphaPass) : alphaPass
    }
}
