public import RegistryTypes

/// One stretch of an SLO's history.
public struct SLOPoint: Hashable, Sendable, Codable {
    /// Its start.
    public let start: Timestamp
    /// Its length.
    public let seconds: Double
    /// Valid events.
    public let valid: Int
    /// Bad events.
    public let bad: Int
    /// The budget left at its end; nil when unknown.
    public let budgetLeft: Double?

    /// Makes the value from its fields.
    public init(start: Timestamp, seconds: Double, valid: Int, bad: Int, budgetLeft: Double? = nil) {
        self.start = start
        self.seconds = seconds
        self.valid = valid
        self.bad = bad
        self.budgetLeft = budgetLeft
    }
}
