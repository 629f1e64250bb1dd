import RegistryRecords
import RegistryTypes
import UserDocuments

extension Measurement {
    /// Decides the check and says why. The order of the rules is the design: too little or damaged data first, then
    /// proven degradation past the margin, then proven safety, then degradation of unclear size.
    func result(pAdjusted: Double?, decidingChecks: Int, policy: JudgePolicy) -> CheckResult {
        // Watch-only checks are judged as if they stood alone: that is what "would have" means.
        let p = pAdjusted ?? effect?.pDegradation ?? 1
        let plan = FollowUp(self, policy: policy, decidingChecks: max(1, decidingChecks))
        let (verdict, reason) = decide(p, plan, policy)
        return CheckResult(
            name: definition.name,
            metric: definition.metric,
            aspect: aspect,
            samples: samples,
            missing: missing,
            baseline: baseline.flatMap(finite),
            candidate: candidate.flatMap(finite),
            unit: unit,
            estimate: effect?.estimate,
            lower: effect?.lower,
            upper: effect?.upper,
            alphaPass: finite(alphaPass) ?? 0,
            margin: finite(margin) ?? 0,
            pDegradation: effect?.pDegradation,
            pAdjusted: effect == nil ? nil : pAdjusted,
            verdict: verdict,
            reason: ([reason] + notes).joined(separator: "; "),
            requestsNeeded: verdict == .inconclusive ? plan.requestsNeeded : nil,
            detectable: plan.detectable,
            flips: flips,
            critical: definition.critical,
            watchOnly: definition.watchOnly,
            timed: definition.type == .duration
        )
    }

    private func decide(_ p: Double, _ plan: FollowUp, _ policy: JudgePolicy) -> (Verdict, String) {
        if let vetoedBy {
            return (.fail, CheckSentences.veto(newlyBad: vetoedBy, allowed: max(1, definition.vetoCount ?? 1)))
        }
        if let blocked { return (.inconclusive, blocked) }
        if total == 0 { return (.inconclusive, "there are no samples of \(definition.metric)") }
        if Double(missing) > policy.maxMissing * Double(total) {
            return (.inconclusive, CheckSentences.missing(missing, of: total, allowed: policy.maxMissing))
        }
        if samples < minimum {
            return (.inconclusive, CheckSentences.tooFew(samples, minimum: minimum, needed: plan.requestsNeeded))
        }
        guard let effect else {
            return (.inconclusive, "the change cannot be computed from these \(samples) values")
        }
        let words = CheckSentences(effect, unit: unit, margin: margin)
        let proven = p <= policy.alphaFail
        if proven, effect.estimate >= margin { return (.fail, words.worse) }
        if effect.upper < margin {
            if let limit = definition.rateLimit, !((ownRateUpper ?? 1) < limit) {
                return (.inconclusive, CheckSentences.ownRate(upper: ownRateUpper, limit: limit, plan.requestsNeeded))
            }
            if effect.lower == 0, effect.upper == 0 { return (.pass, CheckSentences.identical(samples)) }
            return (.pass, proven ? words.allowed + ", a small real change" : words.allowed)
        }
        if proven { return (.marginal, words.reallyWorse) }
        return (.inconclusive, words.open(needed: plan.requestsNeeded))
    }

    private func finite(_ value: Double) -> Double? {
        value.isFinite ? value : nil
    }
}
