public import RegistryTypes

/// One typed requirement of a policy.
public struct Gate: Hashable, Sendable {
    /// What happens when a requirement is not met; it stands outside the requirement.
    public enum Level: String, Codable, Sendable, CaseIterable {
        /// Nobody gets past it.
        case mandatory
        /// A role that may, gets past it with a reason, and it is recorded.
        case overridable
        /// It is shown and stands in nobody's way.
        case advisory
    }

    /// What kind of evidence a gate asks for.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The version was loaded and produced a few tokens.
        case smoke
        /// The model card is filled in.
        case card
        /// The release was compared with the live one.
        case canary
        /// The release answered the cases of a suite.
        case evaluation
        /// The service level still has room.
        case errorBudget
    }

    /// What is asked for.
    public enum Requirement: Hashable, Sendable {
        /// The version was loaded and produced a few tokens.
        case smoke
        /// The model card is filled in.
        case card(CardRequirement)
        /// The release was compared with the live one.
        case canary(CanaryRequirement)
        /// The release answered the cases of a suite.
        case evaluation(EvaluationRequirement)
        /// The service level still has room.
        case errorBudget(BudgetRequirement)

        /// The kind of evidence.
        public var kind: Kind {
            switch self {
            case .smoke: .smoke
            case .card: .card
            case .canary: .canary
            case .evaluation: .evaluation
            case .errorBudget: .errorBudget
            }
        }
    }

    /// The name within the policy.
    public let id: Name
    /// What happens when it is not met.
    public let level: Level
    /// What missing evidence means for this gate; nil for what the policy says.
    public let onMissing: OnMissing?
    /// What is asked for.
    public let requirement: Requirement

    /// A gate.
    public init(id: Name, level: Level, onMissing: OnMissing? = nil, requirement: Requirement) {
        self.id = id
        self.level = level
        self.onMissing = onMissing
        self.requirement = requirement
    }
}

extension Gate: Codable {
    private enum CodingKeys: String, CodingKey { case id, type, level, onMissing }

    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        id = try values.decode(Name.self, forKey: .id)
        level = try values.decode(Level.self, forKey: .level)
        onMissing = try values.decodeIfPresent(OnMissing.self, forKey: .onMissing)
        switch try values.decode(Kind.self, forKey: .type) {
        case .smoke: requirement = .smoke
        case .card: requirement = try .card(CardRequirement(from: decoder))
        case .canary: requirement = try .canary(CanaryRequirement(from: decoder))
        case .evaluation: requirement = try .evaluation(EvaluationRequirement(from: decoder))
        case .errorBudget: requirement = try .errorBudget(BudgetRequirement(from: decoder))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(id, forKey: .id)
        try values.encode(requirement.kind, forKey: .type)
        try values.encode(level, forKey: .level)
        try values.encodeIfPresent(onMissing, forKey: .onMissing)
        switch requirement {
        case .smoke: break
        case .card(let requirement): try requirement.encode(to: encoder)
        case .canary(let requirement): try requirement.encode(to: encoder)
        case .evaluation(let requirement): try requirement.encode(to: encoder)
        case .errorBudget(let requirement): try requirement.encode(to: encoder)
        }
    }
}
