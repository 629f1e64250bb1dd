public import RegistryTypes
public import UserDocuments

/// One gate of a decision: what was required, what was found, and what would make it pass.
public struct GateResult: Hashable, Sendable, Codable {
    /// The id within the policy, such as `canary`; `policy` and `rejected` when no gate of a policy is meant.
    public let id: Name
    /// The type of the gate, such as `canary`.
    public let type: String
    /// What happens when it is not met.
    public let level: Gate.Level
    /// How it came out.
    public let state: GateState
    /// What the policy asks, such as `complete 80 %, has license`.
    public let required: String
    /// What the facts say, such as `c-204 is fail (answers correct)`.
    public let found: String
    /// What would make it pass, a command to copy; nil when it is met or nothing can.
    public let remedy: String?
    /// The ids of the evidence it rests on, such as `c-204`.
    public let evidence: [String]
    /// Whether it stands in the way of the move.
    public let blocks: Bool

    /// A gate of a decision.
    public init(
        id: Name,
        type: String,
        level: Gate.Level,
        state: GateState,
        required: String,
        found: String,
        remedy: String? = nil,
        evidence: [String] = [],
        blocks: Bool
    ) {
        self.id = id
        self.type = type
        self.level = level
        self.state = state
        self.required = required
        self.found = found
        self.remedy = remedy
        self.evidence = evidence
        self.blocks = blocks
    }
}
