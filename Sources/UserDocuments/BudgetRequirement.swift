public import RegistryTypes

/// What an `errorBudget` gate asks for.
public struct BudgetRequirement: Hashable, Sendable, Codable {
    /// The SLO, by name.
    public let slo: Name
    /// The least share of its error budget that is left, in 0...1.
    public let atLeast: Double

    /// A requirement of an error budget.
    public init(slo: Name, atLeast: Double) {
        self.slo = slo
        self.atLeast = atLeast
    }
}
