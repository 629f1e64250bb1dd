public import RegistryTypes

/// One step of the history of an SLO, for the panels of its page.
public struct SLOHistoryPoint: Hashable, Sendable, Codable {
    /// The end of the step.
    public let time: Timestamp
    /// The events of the step.
    public let counts: SLICounts
    /// The share of good events of the step, in 0...1; nil without events.
    public let share: Double?
    /// The burn rate of the step; nil without events.
    public let burn: Double?
    /// The share of good events over the rolling window that ends here; nil without events.
    public let windowShare: Double?
    /// The share of the budget that was left here; nil where it is unknown.
    public let budgetLeft: Double?

    /// Makes the value from its fields.
    public init(
        time: Timestamp,
        counts: SLICounts,
        share: Double?,
        burn: Double?,
        windowShare: Double?,
        budgetLeft: Double?
    ) {
        self.time = time
        self.counts = counts
        self.share = share
        self.burn = burn
        self.windowShare = windowShare
        self.budgetLeft = budgetLeft
    }
}
