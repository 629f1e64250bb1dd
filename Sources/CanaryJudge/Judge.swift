public import RegistryRecords
import RegistryTypes
import Statistics
public import UserDocuments
import Wording

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
    var run = JudgedRun(definitions, samples: samples)
    run.policy = policy
    run.pairing = pairing
    return judge(run)
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

/// Judges a run: at its end, or at each of its looks until the answer is known.
///
/// Whether the comparison is a valid one is asked before its verdict, on the pairs that the verdict rests on.
public func judge(_ run: JudgedRun) -> Judgment {
    var judgment: Judgment
    let judged: JudgedRun
    if let looks = run.looks, run.pairing == .paired {
        (judgment, judged) = judge(run, at: looks)
    } else {
        (judgment, judged) = (judgeOnce(run), run)
    }
    judged.examine(&judgment)
    return judgment
}

extension JudgedRun {
    /// Adds to a judgment what is asked of the comparison as a whole, on the pairs that the verdict rests on: whether it is
    /// a valid one, and what its slices show.
    public func examine(_ judgment: inout Judgment) {
        let broken = whyInvalid()
        if !broken.isEmpty {
            judgment.verdict = .invalid
            judgment.reasons = broken + judgment.reasons
        }
        if !slices.isEmpty { describeSlices(&judgment) }
    }
}

private func judgeOnce(_ run: JudgedRun) -> Judgment {
    let measured = run.parts().flatMap { $0.run.measure($0.definition, run.policy) }
    // Any deciding check can fail the run, so together they are one family (Holm 1979). Passing needs every one of
    // them and no correction (intersection-union test, Berger 1982).
    let deciding = measured.filter { !$0.definition.watchOnly }
    var adjusted = Multiplicity.holm(deciding.map { $0.effect?.pDegradation ?? 1 }).makeIterator()
    let checks = measured.map { measurement in
        measurement.result(
            pAdjusted: measurement.definition.watchOnly ? nil : adjusted.next(),
            decidingChecks: deciding.count,
            policy: run.policy,
            planning: run.policy
        )
    }
    return Judgment(checks, run.policy)
}

extension Judgment {
    /// The verdict over the checks, with its reasons.
    init(_ checks: [CheckResult], _ policy: JudgePolicy) {
        let verdict = Self.verdict(checks)
        self.init(
            verdict: verdict,
            reasons: Self.reasons(verdict, checks),
            checks: checks,
            alphaFail: policy.alphaFail.isFinite ? policy.alphaFail : 0
        )
    }

    /// Any fail fails; else anything open keeps the run open; else anything marginal; else it passes.
    private static func verdict(_ checks: [CheckResult]) -> Verdict {
        let verdicts = checks.lazy.filter { !$0.watchOnly }.map(\.verdict)
        if verdicts.contains(.fail) { return .fail }
        // A canary without a deciding check has proven nothing.
        if verdicts.isEmpty || verdicts.contains(.inconclusive) { return .inconclusive }
        return verdicts.contains(.marginal) ? .marginal : .pass
    }

    private static func reasons(_ verdict: Verdict, _ checks: [CheckResult]) -> [String] {
        let deciding = checks.filter { !$0.watchOnly }
        guard !deciding.isEmpty else { return ["no check decides: every check is watch-only or there is none"] }
        let named = deciding.filter { $0.verdict == verdict }
        if verdict == .pass {
            return [
                "\(deciding.count == 1 ? "the deciding check passes" : "all \(deciding.count) deciding checks pass")"
            ]
        }
        // What more requests would not mend is said first; and beside what failed, what showed nothing.
        let silent = deciding.filter { $0.isWithoutEvidence == true }
        return (verdict == .inconclusive ? silent + named.filter { $0.isWithoutEvidence != true } : named + silent)
            .map { "\($0.title): \($0.reason)" }
    }
}
