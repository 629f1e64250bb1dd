public import RegistryTypes

/// A policy was evaluated; the answer with all facts.
public struct DecisionRecorded: Hashable, Sendable, Codable {
    /// The decision.
    public let id: DecisionID
    /// What was decided and why.
    public let decision: Decision

    /// Makes the value from its fields.
    public init(id: DecisionID, decision: Decision) {
        self.id = id
        self.decision = decision
    }
}
