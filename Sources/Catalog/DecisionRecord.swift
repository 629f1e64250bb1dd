public import RegistryRecords
public import RegistryTypes

/// A decision as stored.
public struct DecisionRecord: Hashable, Sendable, Codable {
    /// The decision.
    public let id: DecisionID
    /// What was decided and why.
    public let decision: Decision
    /// Who asked.
    public let by: String
    /// When it was stored.
    public let at: Timestamp
}
