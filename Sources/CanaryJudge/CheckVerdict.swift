import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

extension Measurement {
    /// Decides the check and says why. The order of the rules is the design: too little or damaged data first, then
    /// proven degradation past the margin, then proven safety, then degradation of unclear size.
    func result(pAdjusted: Double?, decidingChecks: Int, policy: JudgePolicy) -> CheckResult {
        // Watch-only checks are judged as if they stood alone: that is what "would have" means.
        let p = pAdjusted ?? effect?.pDegradation ?? 1
        let plan = FollowUp(self, policy: policy, decidingChecks: max(1, decidingChecks))
        let evidence = Evidence(self)
        let decision = decide(p, plan, evidence, policy)
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
            verdict: decision.verdict,
            reason: ([decision.reason] + notes).joined(separator: "; "),
            requestsNeeded: decision.verdict == .inconclusive && !decision.isWithoutEvidence
                ? plan.requestsNeeded : nil,
            detectable: plan.detectable,
            flips: flips,
            critical: definition.critical,
            watchOnly: definition.watchOnly,
            timed: definition.type == .duration,
            bound: evidence.plausible.flatMap { $0.upper > effect?.upper ?? .infinity ? $0.upper : nil },
            isWithoutEvidence: decision.isWithoutEvidence ? true : nil
        )
    }

    /// What a check concludes.
    private struct Decision {
        let verdict: Verdict
        let reason: String
        var isWithoutEvidence = false

        init(_ verdict: Verdict, _ reason: String) {
            self.verdict = verdict
            self.reason = reason
        }

        /// Nothing was there to compare, so nothing is concluded.
        init(nothing reason: String) {
            verdict = .inconclusive
            self.reason = reason
            isWithoutEvidence = true
        }
    }

    private func decide(_ p: Double, _ plan: FollowUp, _ evidence: Evidence, _ policy: JudgePolicy) -> Decision {
        if let vetoedBy {
            return Decision(.fail, CheckSentences.veto(newlyBad: vetoedBy, allowed: max(1, definition.vetoCount ?? 1)))
        }
        if let blocked { return Decision(nothing: blocked) }
        if total == 0 { return Decision(nothing: "there are no samples of \(definition.metric)") }
        if let words = CheckSentences.tooManyMissing(self, policy) { return Decision(nothing: words) }
        if let nothing = evidence.nothingShown { return Decision(nothing: nothing) }
        if samples < minimum {
            return Decision(
                .inconclusive,
                CheckSentences.tooFew(samples, minimum: minimum, needed: plan.requestsNeeded)
            )
        }
        guard let effect, let plausible = evidence.plausible else {
            return Decision(nothing: "the change cannot be computed from these \(samples) values")
        }
        let words = CheckSentences(plausible, unit: unit, margin: margin)
        let proven = p <= policy.alphaFail
        if proven, effect.estimate >= margin { return Decision(.fail, words.worse) }
        if plausible.upper < margin {
            if let limit = definition.rateLimit, !((ownRateUpper ?? 1) < limit) {
                return Decision(
                    .inconclusive,
                    CheckSentences.ownRate(upper: ownRateUpper, limit: limit, plan.requestsNeeded)
                )
            }
            if evidence.isIdentical {
                return Decision(.pass, words.identical(samples, differing: evidence.shareThatMayDiffer))
            }
            return Decision(.pass, proven ? words.allowed + ", a small real change" : words.allowed)
        }
        if proven { return Decision(.marginal, words.reallyWorse) }
        if evidence.isIdentical {
            return Decision(
                .inconclusive,
                words.identicalOnFew(samples, differing: evidence.shareThatMayDiffer, needed: plan.requestsNeeded)
            )
        }
        return Decision(.inconclusive, words.open(needed: plan.requestsNeeded))
    }

    private func finite(_ value: Double) -> Double? {
        value.isFinite ? value : nil
    }
}

/// The sentences of a report. Numbers are rounded to what their interval supports, never more.
struct CheckSentences {
    private let effect: Measurement.Effect
    private let unit: CheckResult.Unit
    private let margin: Double
    private let decimals: Int

    init(_ effect: Measurement.Effect, unit: CheckResult.Unit, margin: Double) {
        self.effect = effect
        self.unit = unit
        self.margin = margin
        let width = Self.shown(effect.upper, unit) - Self.shown(effect.lower, unit)
        let size = width > 0 ? width : abs(Self.shown(effect.estimate, unit)) / 10
        var decimals = size > 0 ? min(9, max(0, 1 - Int(log10(size).rounded(.down)))) : 1
        // "at most 2.0 worse, you allow 2" would not say why it passes.
        while decimals < 9, Self.collides(effect.upper, margin, unit, decimals) { decimals += 1 }
        self.decimals = decimals
    }

    private static func collides(_ bound: Double, _ margin: Double, _ unit: CheckResult.Unit, _ decimals: Int) -> Bool {
        bound != margin
            && NumberText.decimal(shown(bound, unit), decimals) == NumberText.decimal(shown(margin, unit), decimals)
    }

    /// "worse by 32.9 points (interval 28.7 to 37.1), you allow 2".
    var worse: String { "\(direction(effect.estimate)) \(interval), \(allowance)" }

    /// "really worse by 1.5 points (interval 0.9 to 2.1), the size may be allowed: you allow 2".
    var reallyWorse: String {
        "really \(direction(effect.estimate)) \(interval), the size may be allowed: \(allowance)"
    }

    /// "at most 0.9 points worse (measured: 0.1 better), you allow 2".
    var allowed: String {
        let bound =
            effect.upper > 0 ? "at most \(amount(effect.upper)) worse" : "at least \(amount(effect.upper)) better"
        let size = plain(effect.estimate)
        let isSomething = size.contains { $0 != "0" && $0 != "." }
        let measured = isSomething ? "\(size) \(effect.estimate > 0 ? "worse" : "better")" : "no change"
        return "\(bound) (measured: \(measured)), \(allowance)"
    }

    /// "between 0.4 better and 2.9 points worse, you allow 2: about 760 requests would decide".
    func open(needed: Int?) -> String {
        let low = effect.lower < 0 ? "\(plain(effect.lower)) better" : plain(effect.lower)
        let future =
            needed.map { "about \(NumberText.estimate($0)) requests would decide" }
            ?? "too close to the margin for any number of requests to decide soon"
        return "between \(low) and \(amount(effect.upper)) worse, \(allowance): \(future)"
    }

    /// "identical on 400 requests: at most 0.75 % may differ, you allow 5 %".
    func identical(_ samples: Int, differing: Double) -> String {
        "identical on \(NumberText.count(samples)) requests: at most \(Self.percent(differing)) may differ, \(allowance)"
    }

    /// "identical on 50 requests, but up to 5.8 % may differ, you allow 5 %: about 60 requests would decide".
    func identicalOnFew(_ samples: Int, differing: Double, needed: Int?) -> String {
        let future = needed.map { ": about \(NumberText.estimate($0)) requests would decide" } ?? ""
        return "identical on \(NumberText.count(samples)) requests, but up to \(Self.percent(differing)) may differ, "
            + allowance + future
    }

    /// Rounded up: a bound is never shown as less than it is.
    private static func percent(_ share: Double) -> String {
        NumberText.significant((share * 10_000).rounded(.up) / 100) + " %"
    }

    private var allowance: String {
        "you allow \(NumberText.significant(Self.shown(margin, unit), digits: 4))" + (unit == .logRatio ? " %" : "")
    }

    private var interval: String {
        let low = NumberText.decimal(Self.shown(effect.lower, unit), decimals)
        let high = NumberText.decimal(Self.shown(effect.upper, unit), decimals)
        return "(interval \(low) to \(high))"
    }

    private func direction(_ degradation: Double) -> String {
        "\(degradation < 0 ? "better" : "worse") by \(amount(degradation))"
    }

    /// Size without sign, with the unit.
    private func amount(_ degradation: Double) -> String {
        switch unit {
        case .share: plain(degradation) + " points"
        case .logRatio: plain(degradation) + " %"
        case .own: plain(degradation)
        }
    }

    /// Size without sign and unit.
    private func plain(_ degradation: Double) -> String {
        NumberText.decimal(abs(Self.shown(degradation, unit)), decimals)
    }

    /// The effect as people read it: points, per cent, or the metric's own unit.
    private static func shown(_ degradation: Double, _ unit: CheckResult.Unit) -> Double {
        switch unit {
        case .share: 100 * degradation
        case .logRatio: 100 * expm1(degradation)
        case .own: degradation
        }
    }

    // MARK: Sentences without an interval

    static func veto(newlyBad: Int, allowed: Int) -> String {
        "\(newlyBad) newly bad, \(allowed) \(allowed == 1 ? "is" : "are") enough to stop"
    }

    /// That more values are missing than may be; nil where they are not.
    static func tooManyMissing(_ measurement: Measurement, _ policy: JudgePolicy) -> String? {
        let (missing, total) = (measurement.missing, measurement.total)
        guard Double(missing) > policy.maxMissing * Double(total) else { return nil }
        let share = NumberText.share(Double(missing) / Double(total))
        return
            "\(missing) of \(total) values are missing (\(share)), at most \(NumberText.share(policy.maxMissing)) may be"
    }

    static func tooFew(_ samples: Int, minimum: Int, needed: Int?) -> String {
        let future = needed.flatMap { $0 > minimum ? ", about \(NumberText.estimate($0)) would decide" : nil } ?? ""
        return "\(samples) of the \(minimum) requests it takes to judge\(future)"
    }

    static func ownRate(upper: Double?, limit: Double, _ needed: Int?) -> String {
        let bound = upper.map { "could be up to \(NumberText.significant(100 * $0)) %" } ?? "is unknown"
        let future = needed.map { ": about \(NumberText.estimate($0)) requests would decide" } ?? ""
        return "the candidate's own rate \(bound), it must be proven below \(NumberText.share(limit))\(future)"
    }
}
