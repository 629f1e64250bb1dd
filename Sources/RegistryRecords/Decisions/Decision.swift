public import RegistryTypes

/// The answer of a policy to one move, with every gate explained and all facts it used: it can be recomputed.
public struct Decision: Hashable, Sendable, Codable {
    /// What was asked.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// To move a channel to a release.
        case promote
    }

    /// The answer.
    public enum Outcome: String, Codable, Sendable, CaseIterable {
        /// The channel may move.
        case allowed
        /// It may not; at least one gate says no.
        case refused
        /// Not now; every gate in the way waits for evidence.
        case waiting
    }

    /// The number under which it is stored; nil for a dry run.
    public let id: DecisionID?
    /// What was asked.
    public let kind: Kind
    /// The release.
    public let release: ReleaseID
    /// The channel.
    public let channel: Name
    /// The policy that decided; nil when none is for this channel and model.
    public let policy: PolicyReference?
    /// When it was decided.
    public let time: Timestamp
    /// The answer.
    public let outcome: Outcome
    /// Who moved it against the policy, and why; nil when nobody asked to.
    public let override: Override?
    /// The gates, in the order of the policy.
    public let gates: [GateResult]
    /// The facts used.
    public let facts: PolicyFacts

    /// A decision.
    public init(
        id: DecisionID? = nil,
        kind: Kind = .promote,
        release: ReleaseID,
        channel: Name,
        policy: PolicyReference?,
        time: Timestamp,
        outcome: Outcome,
        override: Override? = nil,
        gates: [GateResult],
        facts: PolicyFacts
    ) {
        self.id = id
        self.kind = kind
        self.release = release
        self.channel = channel
        self.policy = policy
        self.time = time
        self.outcome = outcome
        self.override = override
        self.gates = gates
        self.facts = facts
    }

    /// Whether the channel may move.
    public var isAllowed: Bool { outcome == .allowed }

    /// The gates in the way.
    public var blockers: [GateResult] { gates.filter(\.blocks) }

    /// Whether the move is allowed only because of an override.
    public var isOverridden: Bool { isAllowed && gates.contains { $0.state == .overridden } }

    /// The same decision under a number.
    public func numbered(_ id: DecisionID) -> Decision {
        Decision(
            id: id,
            kind: kind,
            release: release,
            channel: channel,
            policy: policy,
            time: time,
            outcome: outcome,
            override: override,
            gates: gates,
            facts: facts
        )
    }
}
