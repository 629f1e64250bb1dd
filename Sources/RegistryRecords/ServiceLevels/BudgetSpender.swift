public import RegistryTypes

/// What one release had to do with the events of an SLO's window.
public struct BudgetSpender: Hashable, Sendable, Codable {
    /// The number of the release.
    public let release: Int
    /// Its events in the window.
    public let counts: SLICounts
    /// The share of the whole budget that its bad events spent, over 1 when it spent more than all.
    public let budgetSpent: Double

    /// What a release spent.
    public init(release: Int, counts: SLICounts, budgetSpent: Double) {
        self.release = release
        self.counts = counts
        self.budgetSpent = budgetSpent
    }
}
