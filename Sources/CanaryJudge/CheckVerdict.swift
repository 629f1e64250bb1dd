import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

extension Measurement {
    /// The check's result in numbers and words.
    ///
    /// - Parameters:
    ///   - pAdjusted: the p-value brought to the level of the run; nil for a check that only watches.
    ///   - policy: the levels in force at this look.
    ///   - planning: the levels of the whole run, which say how many requests it takes.
    func result(pAdjusted: Double?, decidingChecks: Int, policy: JudgePolicy, planning: JudgePolicy) -> CheckResult {
        let plan = FollowUp(self, policy: planning, decidingChecks: max(1, decidingChecks))
        let conclusion = conclusion(pAdjusted: pAdjusted, Evidence(self), policy)
        var shown = self
        if conclusion.isProvenDegradation {
            shown.effect = effect?.agreeingWithItsTest(alpha: alphaPass, tolerate: tolerate)
        }
        let (effect, evidence) = (shown.effect, Evidence(shown))
        let isNothing =
            switch conclusion {
            case .nothing: true
            case .vetoed, .tooFewClusters, .tooFew, .worse, .ownRateUnproven, .allowed, .reallyWorse, .open: false
            }
        let verdict = conclusion.verdict
        let reason = words(conclusion, plan, evidence, policy)
        var result = CheckResult(
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
            reason: ([reason] + [whatCarriesTheMean].compactMap(\.self) + notes).joined(separator: "; "),
            requestsNeeded: verdict == .inconclusive && !isNothing ? plan.requestsNeeded : nil,
            detectable: plan.detectable,
            flips: flips,
            critical: definition.critical,
            watchOnly: definition.watchOnly,
            timed: definition.type == .duration,
            bound: evidence.plausible.flatMap { $0.upper > effect?.upper ?? .infinity ? $0.upper : nil },
            isWithoutEvidence: isNothing ? true : nil
        )
        result.clusters = clusters
        result.designEffect = clusters == nil ? nil : designEffect.flatMap(finite)
        return result
    }

    /// What a check concludes, before it is put into words.
    enum Conclusion {
        case vetoed(newlyBad: Int)
        /// Nothing was there to compare, so nothing is concluded.
        case nothing(String)
        case tooFewClusters(Int)
        case tooFew
        case worse
        case ownRateUnproven(limit: Double)
        case allowed(isRealChange: Bool, isIdentical: Bool)
        case reallyWorse
        case open(isIdentical: Bool)

        var verdict: Verdict {
            switch self {
            case .vetoed, .worse: .fail
            case .allowed: .pass
            case .reallyWorse: .marginal
            case .nothing, .tooFewClusters, .tooFew, .ownRateUnproven, .open: .inconclusive
            }
        }

        /// Whether the test of "no degradation" decided it.
        var isProvenDegradation: Bool {
            switch self {
            case .worse, .reallyWorse: true
            case .vetoed, .nothing, .tooFewClusters, .tooFew, .ownRateUnproven, .allowed, .open: false
            }
        }
    }

    /// Decides the check. The order of the rules is the design: too little or damaged data first, then proven degradation
    /// past the margin, then proven safety, then degradation of unclear size.
    func conclusion(pAdjusted: Double?, _ evidence: Evidence, _ policy: JudgePolicy) -> Conclusion {
        // Watch-only checks are judged as if they stood alone: that is what "would have" means.
        let p = pAdjusted ?? effect?.pDegradation ?? 1
        if let vetoedBy { return .vetoed(newlyBad: vetoedBy) }
        if let blocked { return .nothing(blocked) }
        if total == 0 { return .nothing("there are no samples of \(definition.metric)") }
        if let words = CheckSentences.tooManyMissing(self, policy) { return .nothing(words) }
        if let nothing = evidence.nothingShown { return .nothing(nothing) }
        if samples < minimum { return .tooFew }
        if let clusters, clusters < Self.fewestClusters { return .tooFewClusters(clusters) }
        guard let effect, let plausible = evidence.plausible else {
            return .nothing("the change cannot be computed from these \(samples) values")
        }
        let proven = p <= policy.alphaFail
        if proven, effect.estimate >= margin { return .worse }
        if plausible.upper < margin {
            if let limit = definition.rateLimit, aspect == "rate", !((ownRateUpper ?? 1) < limit) {
                return .ownRateUnproven(limit: limit)
            }
            return .allowed(isRealChange: proven, isIdentical: evidence.isIdentical)
        }
        return proven ? .reallyWorse : .open(isIdentical: evidence.isIdentical)
    }

    private func words(_ conclusion: Conclusion, _ plan: FollowUp, _ evidence: Evidence, _ policy: JudgePolicy)
        -> String
    {
        var sentences: CheckSentences? {
            evidence.plausible.map {
                CheckSentences($0, unit: unit, margin: margin, scale: definition.scale, tolerate: tolerate)
            }
        }
        let differing = evidence.shareThatMayDiffer
        switch conclusion {
        case .vetoed(let newlyBad):
            return CheckSentences.veto(newlyBad: newlyBad, allowed: max(1, definition.vetoCount ?? 1))
        case .nothing(let why): return why
        case .tooFewClusters(let clusters):
            return CheckSentences.tooFewClusters(clusters, minimum: Self.fewestClusters)
        case .tooFew: return CheckSentences.tooFew(samples, minimum: minimum, needed: plan.requestsNeeded)
        case .ownRateUnproven(let limit):
            return CheckSentences.ownRate(upper: ownRateUpper, limit: limit, plan.requestsNeeded)
        case .worse: return sentences?.worse ?? ""
        case .reallyWorse: return sentences?.reallyWorse ?? ""
        case .allowed(_, isIdentical: true): return sentences?.identical(samples, differing: differing) ?? ""
        case .allowed(let isRealChange, isIdentical: false):
            return (sentences?.allowed ?? "") + (isRealChange ? ", a small real change" : "")
        case .open(isIdentical: true):
            return sentences?.identicalOnFew(samples, differing: differing, needed: plan.requestsNeeded) ?? ""
        case .open(isIdentical: false): return sentences?.open(needed: plan.requestsNeeded) ?? ""
        }
    }

    private func finite(_ value: Double) -> Double? {
        value.isFinite ? value : nil
    }
}

/// The sentences of a report. Numbers are rounded to what their interval supports, never more.
struct CheckSentences {
    private let effect: Measurement.Effect
    private let unit: Unit
    private let margin: Double
    private let tolerate: Double
    private let decimals: Int

    /// What numbers are shown in.
    private enum Unit {
        case points, percent, nats, own
    }

    init(
        _ effect: Measurement.Effect,
        unit: CheckResult.Unit,
        margin: Double,
        scale: CheckDefinition.Scale = .own,
        tolerate: Double = 0
    ) {
        self.effect = effect
        self.margin = margin
        self.tolerate = tolerate
        let shownIn: Unit =
            switch (unit, scale) {
            case (.share, _), (.own, .share): .points
            case (.logRatio, _): .percent
            case (.own, .nats): .nats
            case (.own, .own): .own
            }
        self.unit = shownIn
        let width = Self.shown(effect.upper, shownIn) - Self.shown(effect.lower, shownIn)
        let size = width > 0 ? width : abs(Self.shown(effect.estimate, shownIn)) / 10
        var decimals = size > 0 && size.isFinite ? min(9, max(0, 1 - Int(log10(size).rounded(.down)))) : 1
        // "at most 2.0 worse, you allow 2" would not say why it passes.
        while decimals < 9, Self.collides(effect.upper, margin, shownIn, decimals) { decimals += 1 }
        self.decimals = decimals
    }

    private static func collides(_ bound: Double, _ margin: Double, _ unit: Unit, _ decimals: Int) -> Bool {
        bound != margin
            && NumberText.decimal(shown(bound, unit), decimals) == NumberText.decimal(shown(margin, unit), decimals)
    }

    /// "worse by 32.9 points (interval 28.7 to 37.1), you allow 2".
    var worse: String { "\(direction(effect.estimate)) \(interval), \(allowance)\(decidedByTest)" }

    /// "really worse by 1.5 points (interval 0.9 to 2.1), the size may be allowed: you allow 2".
    var reallyWorse: String {
        "really \(direction(effect.estimate)) \(interval), the size may be allowed: \(allowance)\(decidedByTest)"
    }

    /// A test at another level than the interval's may be sure of what the interval leaves open.
    private var decidedByTest: String {
        effect.lower <= tolerate ? " (decided by the test of no degradation, not by the interval)" : ""
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
        "you allow \(NumberText.significant(Self.shown(margin, unit), digits: 4))" + (unit == .percent ? " %" : "")
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
        case .points: plain(degradation) + " points"
        case .percent: plain(degradation) + " %"
        case .nats: plain(degradation) + " nats"
        case .own: plain(degradation)
        }
    }

    /// Size without sign and unit.
    private func plain(_ degradation: Double) -> String {
        NumberText.decimal(abs(Self.shown(degradation, unit)), decimals)
    }

    /// The effect as people read it: points, per cent, or the metric's own unit.
    private static func shown(_ degradation: Double, _ unit: Unit) -> Double {
        switch unit {
        case .points: 100 * degradation
        case .percent: 100 * expm1(degradation)
        case .nats, .own: degradation
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

    static func tooFewClusters(_ clusters: Int, minimum: Int) -> String {
        "the requests belong to \(clusters) conversations or other groups, it takes \(minimum) to judge"
    }

    static func ownRate(upper: Double?, limit: Double, _ needed: Int?) -> String {
        let bound = upper.map { "could be up to \(NumberText.significant(100 * $0)) %" } ?? "is unknown"
        let future = needed.map { ": about \(NumberText.estimate($0)) requests would decide" } ?? ""
        return "the candidate's own rate \(bound), it must be proven below \(NumberText.share(limit))\(future)"
    }
}
