import Foundation
import RegistryTypes
import Statistics
import UserDocuments

extension Measurement {
    /// All checks of one definition over arms that answered different requests, at one fixed look.
    static func unpaired(_ definition: CheckDefinition, _ samples: MetricSamples, _ policy: JudgePolicy)
        -> [Measurement]
    {
        let clean = CleanSamples(samples, type: definition.type, pairing: .unpaired)
        let baseline = clean.baseline.compactMap(\.self)
        let candidate = clean.candidate.compactMap(\.self)
        let unfinished = clean.candidate.count - candidate.count
        let lost = clean.baseline.count - baseline.count

        func empty(_ aspect: String, shareMargin: Double? = nil, countsUnfinished: Bool) -> Measurement {
            var measurement = Measurement(definition, aspect: aspect, policy: policy, shareMargin: shareMargin)
            measurement.samples = min(baseline.count, candidate.count + (countsUnfinished ? unfinished : 0))
            measurement.missing = lost + (countsUnfinished ? 0 : unfinished)
            return measurement
        }
        // Swapping the arms orients the effect where less is worse.
        func oriented(_ values: ([Double]) -> [Double]) -> (first: [Double], second: [Double]) {
            definition.worse == .higher
                ? (values(candidate), values(baseline)) : (values(baseline), values(candidate))
        }

        switch definition.type {
        case .binary:
            let bad = definition.worse == .higher ? 1.0 : 0.0
            var rate = empty("rate", countsUnfinished: true)
            let candidateBad = candidate.lazy.filter { $0 == bad }.count + unfinished
            rate.compare(
                candidate: (candidateBad, candidate.count + unfinished),
                baseline: (baseline.lazy.filter { $0 == bad }.count, baseline.count)
            )
            if definition.worse == .lower {
                rate.baseline = rate.baseline.map { 1 - $0 }
                rate.candidate = rate.candidate.map { 1 - $0 }
            }
            if let veto = definition.vetoCount, candidateBad >= max(1, veto) { rate.vetoedBy = candidateBad }
            if definition.rateLimit != nil {
                rate.ownRateUpper = Proportion(bad: candidateBad, n: candidate.count + unfinished)?
                    .exactUpper(alpha: rate.alphaPass)
            }
            return [rate]
        case .duration:
            var centre = empty("centre", countsUnfinished: false)
            let logs = oriented { $0.map { log($0) } }
            centre.baseline = Moments(baseline.map { log($0) }).map { exp($0.mean) }
            centre.candidate = Moments(candidate.map { log($0) }).map { exp($0.mean) }
            centre.measure(Welch(logs.first, logs.second))
            var result = [centre]
            if definition.tailFactor != nil,
                let threshold = quantile(
                    definition.worse == .higher ? 0.95 : 0.05,
                    ofSorted: (baseline + candidate).sorted()
                )
            {
                var tail = empty("tail", shareMargin: definition.tailMargin, countsUnfinished: true)
                tail.compareBeyond(threshold, baseline, candidate, unfinished)
                result.append(tail)
            } else if definition.tailFactor != nil {
                result.append(empty("tail", shareMargin: definition.tailMargin, countsUnfinished: true))
            }
            if let limit = definition.limit {
                var over = empty("limit", shareMargin: definition.limitMargin, countsUnfinished: true)
                over.compareBeyond(limit, baseline, candidate, unfinished)
                result.append(over)
            }
            return result
        case .amount:
            var amount = empty("amount", countsUnfinished: false)
            amount.baseline = Moments(baseline)?.mean
            amount.candidate = Moments(candidate)?.mean
            let arms = oriented { $0 }
            amount.measure(RatioOfMeans.unpaired(baseline: arms.second, candidate: arms.first))
            return [amount]
        case .score:
            var score = empty("score", countsUnfinished: false)
            score.baseline = Moments(baseline)?.mean
            score.candidate = Moments(candidate)?.mean
            let arms = oriented { $0 }
            score.measure(Welch(arms.first, arms.second))
            return [score]
        }
    }

    private mutating func measure(_ welch: Welch?) {
        guard let welch else { return }
        effect = Effect(
            estimate: welch.difference,
            lower: welch.lower(alpha: alphaPass),
            upper: welch.upper(alpha: alphaPass),
            pDegradation: welch.pDegradation(tolerate: tolerate)
        )
        noise = .split(standardError: welch.standardError)
    }

    private mutating func compareBeyond(
        _ threshold: Double,
        _ baseline: [Double],
        _ candidate: [Double],
        _ unfinished: Int
    ) {
        let worse = definition.worse
        func isBeyond(_ value: Double) -> Bool { worse == .higher ? value > threshold : value < threshold }
        compare(
            candidate: (candidate.lazy.filter(isBeyond).count + unfinished, candidate.count + unfinished),
            baseline: (baseline.lazy.filter(isBeyond).count, baseline.count)
        )
    }

    /// Fills in the effect of two bad counts: Miettinen-Nurminen bounds, Fisher's mid-p.
    private mutating func compare(candidate: (bad: Int, n: Int), baseline: (bad: Int, n: Int)) {
        guard let trial = Proportion(bad: candidate.bad, n: candidate.n),
            let live = Proportion(bad: baseline.bad, n: baseline.n)
        else { return }
        let both = TwoProportions(candidate: trial, baseline: live)
        self.baseline = live.share
        self.candidate = trial.share
        let pDegradation = tolerate > 0 ? StandardNormal.upperTail(both.score(at: tolerate)) : both.pDegradation
        effect = Effect(
            estimate: both.difference,
            lower: both.lower(alpha: alphaPass),
            upper: both.upper(alpha: alphaPass),
            pDegradation: pDegradation
        )
        let variance =
            trial.share * (1 - trial.share) / Double(trial.n) + live.share * (1 - live.share) / Double(live.n)
        noise = .split(standardError: variance.squareRoot())
    }
}
