import Foundation
import RegistryRecords
public import RegistryTypes
import Statistics
public import UserDocuments

/// When a budget burns too fast: over a long and a short window (Beyer et al., The Site Reliability Workbook, 2018,
/// ch. 5), with three corrections for few events and for targets that leave much room.
///
/// 1. The rate is at most half of the highest there can be: at a target of 90 % a rate of 14.4 cannot be reached.
/// 2. The long window has at least 3 bad events, 5 where the rate was lowered: one bad event in a quiet hour is a high
///    rate and means nothing.
/// 3. The lower 95 % bound of the long window's share of bad events (Clopper & Pearson, 1934) is over the budget.
public struct BurnRule: Hashable, Sendable {
    /// The share of the events that may be bad, over 0 and under 1.
    public let budget: Double
    /// The burn rate that is too fast, after the correction.
    public let rate: Double
    /// Whether the rate was lowered.
    public let isClamped: Bool
    /// The fewest bad events in the long window.
    public let minimumBad: Int
    /// One less the confidence that the long window's share of bad events is over the budget; nil to not ask.
    public let alpha: Double?

    /// The rule with the three corrections.
    public init(rate: Double, budget: Double) {
        let highest = BurnAlert.highestRate(budget: budget)
        let isClamped = rate > highest
        self.init(
            budget: budget,
            rate: min(rate, highest),
            isClamped: isClamped,
            minimumBad: isClamped ? BurnAlert.minimumBadClamped : BurnAlert.minimumBad,
            alpha: 0.05
        )
    }

    /// A rule of its own, to compare what each correction does.
    public init(budget: Double, rate: Double, isClamped: Bool, minimumBad: Int, alpha: Double?) {
        self.budget = budget
        self.rate = rate
        self.isClamped = isClamped
        self.minimumBad = minimumBad
        self.alpha = alpha
    }

    /// The rule of a pair of windows of `document`.
    public init(_ alert: BurnAlert, of document: SLODocument) {
        self.init(rate: alert.factor(windowSeconds: document.windowSeconds), budget: document.budget)
    }

    /// Whether it burns too fast; nil when a window has no events.
    public func isBurning(long: SLICounts, short: SLICounts) -> Bool? {
        guard let longShare = long.badShare, let shortShare = short.badShare else { return nil }
        // The cheap questions first: the bound is asked for a handful of moments only.
        guard longShare >= rate * budget, shortShare >= rate * budget, long.bad >= minimumBad else { return false }
        guard let alpha else { return true }
        return Proportion(bad: long.bad, n: long.valid)?.exactLower(alpha: alpha).map { $0 > budget } ?? false
    }

    /// The burn rate of `counts` is at least this, with the rule's confidence; nil without events or confidence.
    public func lowerBound(_ counts: SLICounts) -> Double? {
        guard let alpha, counts.valid > 0 else { return nil }
        return Proportion(bad: counts.bad, n: counts.valid)?.exactLower(alpha: alpha).map { $0 / budget }
    }

    /// The seconds after which it burns too fast when every event is bad from now on, none was before, and events come
    /// evenly.
    public func detectionSeconds(longSeconds: Int, shortSeconds: Int) -> Double {
        rate * budget * Double(max(longSeconds, shortSeconds))
    }
}

/// Whether a release burns the budget of an SLO with its own traffic since it came in: a reason to take it back. The
/// same rule as for the alerts, and the short window has at least 10 events and as many bad ones as the long one must,
/// so that the first answers after a move cannot decide alone.
public struct BurnVerdict: Hashable, Sendable, Codable {
    /// The fewest events in the short window.
    public static let minimumValid = 10

    /// Whether it burns too fast over both windows, beyond chance.
    public let isBurning: Bool
    /// Whether both windows have events, and the long one as many as say anything: without, nothing is known, and that is
    /// not bad.
    public let isKnown: Bool
    /// The burn rate that is too fast, after the correction for loose targets.
    public let threshold: Double
    /// Over the long window; nil without events.
    public let burnLong: Double?
    /// Over the short window; nil without events.
    public let burnShort: Double?
    /// The events of the long window.
    public let validLong: Int
    /// Those of them that were bad.
    public let badLong: Int
    /// The events of the short window.
    public let validShort: Int
    /// Those of them that were bad.
    public let badShort: Int

    /// The verdict about the events of a release.
    ///
    /// - Parameters:
    ///   - long: The events of the long window, none from before the release came in.
    ///   - short: The events of the short window.
    ///   - rate: The burn rate that is too fast, as the policy writes it.
    ///   - budget: The share of the events that may be bad; see ``SLODocument/budget``.
    ///   - minimumValid: The fewest events of the long window that say anything: ``SLODocument/minSamples``.
    public init(long: SLICounts, short: SLICounts, rate: Double, budget: Double, minimumValid: Int = 1) {
        let rule = BurnRule(rate: rate, budget: budget)
        let answer = long.valid >= minimumValid ? rule.isBurning(long: long, short: short) : nil
        let isEnough = short.valid >= Self.minimumValid && short.bad >= rule.minimumBad
        isBurning = answer == true && isEnough
        isKnown = answer != nil
        threshold = rule.rate
        burnLong = long.badShare.map { $0 / budget }
        burnShort = short.badShare.map { $0 / budget }
        validLong = long.valid
        badLong = long.bad
        validShort = short.valid
        badShort = short.bad
    }
}

extension BurnWindows {
    /// Whether a release whose events these are burns too fast; nil when they hold no windows of that length.
    ///
    /// - Parameters:
    ///   - long: The long window, in seconds.
    ///   - short: The short window, in seconds.
    ///   - rate: The burn rate that is too fast.
    ///   - budget: The share of the events that may be bad.
    ///   - minimumValid: The fewest events of the long window that say anything.
    public func burn(long: Int, short: Int, rate: Double, budget: Double, minimumValid: Int = 1) -> BurnVerdict? {
        guard let longCounts = counts(last: long), let shortCounts = counts(last: short) else { return nil }
        return BurnVerdict(
            long: longCounts,
            short: shortCounts,
            rate: rate,
            budget: budget,
            minimumValid: minimumValid
        )
    }
}
