import Foundation
import RegistryRecords
import Statistics
import Wording

/// What the samples of a check can show at all. A check on which nothing could get worse, or on which nothing was measured,
/// decides nothing; and that nothing differed bounds what may differ by its number alone, never by an interval of width
/// zero.
struct Evidence {
    /// Why the candidate could not look worse on these samples whatever it does; nil when it could.
    let nothingShown: String?
    /// The effect with the bounds that a verdict rests on: those of the test, and never closer than what may differ though
    /// nothing did. Each such request is taken as one whole unit worse: a wrong answer, e times as long, one nat.
    let plausible: Measurement.Effect?
    /// The share of requests that may differ though none of those measured does (0 of n, Clopper and Pearson, 1934).
    let shareThatMayDiffer: Double
    /// Whether every request came out the same on both sides, where the metric is a measure.
    let isIdentical: Bool

    init(_ measurement: Measurement) {
        let share = Self.shareThatMayDiffer(samples: measurement.independent, alpha: measurement.alphaPass)
        shareThatMayDiffer = share
        nothingShown = Self.nothingShown(measurement)
        guard var effect = measurement.effect else {
            (plausible, isIdentical) = (nil, false)
            return
        }
        let isPoint: Bool
        if let flips = measurement.flips {
            isPoint = flips.gotWorse == 0 && flips.gotBetter == 0
        } else {
            isPoint = effect.lower == effect.upper
        }
        isIdentical = isPoint && measurement.flips == nil && effect.estimate == 0
        if isPoint {
            effect.upper = max(effect.upper, effect.estimate + share)
            effect.lower = min(effect.lower, effect.estimate - share)
        }
        plausible = effect
    }

    private static func shareThatMayDiffer(samples: Int, alpha: Double) -> Double {
        guard samples > 0, alpha > 0, alpha < 1 else { return 1 }
        return -expm1(log(alpha) / Double(samples))
    }

    private static func nothingShown(_ measurement: Measurement) -> String? {
        let requests = NumberText.count(measurement.samples)
        if measurement.aspect == "amount", measurement.baseline == 0, measurement.candidate == 0 {
            return "both releases are at 0 on all \(requests) requests, so nothing was compared"
        }
        guard measurement.aspect != "tail", measurement.unit == .share, let good = baselineGood(measurement) else {
            return nil
        }
        // Where the candidate is better beyond doubt, it was shown to be no worse.
        if let effect = measurement.effect, effect.upper < 0 { return nil }
        guard good.share <= measurement.margin else { return nil }
        guard good.share > 0 else {
            return measurement.aspect == "limit"
                ? "the baseline is past the limit on all \(requests) requests, so nothing could get worse"
                : "the baseline is good on none of \(requests) requests, so nothing could get worse"
        }
        let allowance = NumberText.significant(100 * measurement.margin, digits: 4)
        return "the baseline is good on \(good.words) of \(requests) requests only: "
            + "losing them all would be within the \(allowance) points you allow"
    }

    /// On what share of its requests the baseline is good, where the metric is good or bad: only there something can get
    /// worse.
    private static func baselineGood(_ measurement: Measurement) -> (share: Double, words: String)? {
        if let flips = measurement.flips {
            guard measurement.samples > 0 else { return nil }
            let good = flips.gotWorse + flips.bothGood
            return (Double(good) / Double(measurement.samples), NumberText.count(good))
        }
        // Arms of requests of their own: the metric of a limit is the share past it, which is bad.
        guard let share = measurement.baseline else { return nil }
        let isShareOfGood = measurement.aspect == "rate" && measurement.definition.worse == .lower
        let good = isShareOfGood ? share : 1 - share
        return (good, NumberText.share(good))
    }
}
