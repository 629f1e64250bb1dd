import RegistryRecords
public import RegistryTypes

/// Whether a release burns the budget of an SLO with its own traffic since it came in: a reason to take it back. The
/// same rule as for the alerts, and the short window has at least 10 events and as many bad ones as the long one must,
/// so that the first answers after a move cannot decide alone.
public struct BurnVerdict: Hashable, Sendable, Codable {
    /// The fewest events in the short window.
    public static let minimumValid = 10

    /// Whether it burns too fast over both windows, beyond chance.
    public let isBurning: Bool
    /// Whether both windows have events: without, nothing is known, and that is not bad.
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
    public init(long: SLICounts, short: SLICounts, rate: Double, budget: Double) {
        let rule = BurnRule(rate: rate, budget: budget)
        let answer = rule.isBurning(long: long, short: short)
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
    public func burn(long: Int, short: Int, rate: Double, budget: Double) -> BurnVerdict? {
        guard let longCounts = counts(last: long), let shortCounts = counts(last: short) else { return nil }
        return BurnVerdict(long: longCounts, short: shortCounts, rate: rate, budget: budget)
    }
}
