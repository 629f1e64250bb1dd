public import RegistryTypes

/// A policy: what must hold before a channel moves, and what takes it back.
public struct PolicyDocument: DigestedContent, Hashable, Sendable, Codable {
    /// Where a policy decides.
    public typealias Scope = DocumentScope

    /// The name.
    public let name: Name
    /// Where the policy decides; `for` in the file.
    public let scope: Scope
    /// The requirements, in the order of the file, with distinct ids.
    public let gates: [Gate]
    /// What a gate without evidence means, unless the gate says otherwise.
    public let onMissing: OnMissing
    /// How a release comes in.
    public let rollout: Rollout
    /// What takes a release back during its probation.
    public let rollBackWhen: [RollbackTrigger]

    /// A policy.
    public init(
        name: Name,
        scope: Scope,
        gates: [Gate],
        onMissing: OnMissing = .block,
        rollout: Rollout = Rollout(),
        rollBackWhen: [RollbackTrigger] = []
    ) {
        self.name = name
        self.scope = scope
        self.gates = gates
        self.onMissing = onMissing
        self.rollout = rollout
        self.rollBackWhen = rollBackWhen
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case scope = "for"
        case gates, onMissing, rollout, rollBackWhen
    }
}
