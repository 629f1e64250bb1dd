public import RegistryTypes
public import UserDocuments

/// A policy was evaluated; the answer with all facts.
public struct DecisionRecorded: EventBody {
    public static let kind = "decision.recorded"

    /// The decision.
    public let id: DecisionID
    /// What was decided and why.
    public let decision: Decision

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: DecisionID, decision: Decision) {
        self.id = id
        self.decision = decision
    }
}

/// A decision as stored: who asked, and when.
public typealias DecisionRecord = Recorded<DecisionRecorded>

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

/// A move against the policy: who takes it on themselves, and why.
public struct Override: Hashable, Sendable, Codable {
    /// Who.
    public let by: String
    /// Why; never blank.
    public let reason: String

    /// An override by `by` for `reason`.
    public init(by: String, reason: String) {
        self.by = by
        self.reason = reason
    }
}

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

/// How a gate came out. There is no state for "no data" that could be read as a pass.
public enum GateState: String, Codable, Sendable, CaseIterable {
    /// The evidence is there and good enough.
    case pass
    /// The evidence is there and not good enough.
    case fail
    /// The evidence is missing, too old or undecided.
    case unknown
    /// There is nothing the gate could ask, such as no live release to compare with.
    case notApplicable
    /// Not met, and a person took it on themselves.
    case overridden
    /// The evidence is missing and the policy says to wait for it.
    case waiting

    /// Whether a gate in this state asks for nothing more.
    public var isMet: Bool { self == .pass || self == .notApplicable }
}
