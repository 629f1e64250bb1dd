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

/// What a `canary` gate asks for.
public struct CanaryRequirement: Hashable, Sendable, Codable {
    /// The verdict that is needed; a better one will do.
    public let verdict: Verdict
    /// The canary document; nil when any canary of the release against the live one will do.
    public let using: Name?
    /// The oldest evidence that counts, in seconds; nil for any age.
    public let maxAgeSeconds: Double?

    /// A requirement of a canary.
    public init(verdict: Verdict = .pass, using: Name? = nil, maxAgeSeconds: Double? = nil) {
        self.verdict = verdict
        self.using = using
        self.maxAgeSeconds = maxAgeSeconds
    }
}

/// What a `card` gate asks for.
public struct CardRequirement: Hashable, Sendable, Codable {
    /// The least share of the fields that are filled, in 0...1; nil when any will do.
    public let complete: Double?
    /// Fields that must be filled, as named in ``CardField``.
    public let require: [CardField]

    /// A requirement of a card.
    public init(complete: Double?, require: [CardField] = []) {
        self.complete = complete
        self.require = require
    }
}

/// What an `evaluation` gate asks for.
public struct EvaluationRequirement: Hashable, Sendable, Codable {
    /// Which number of a score is compared.
    public enum Bound: String, Codable, Sendable, CaseIterable {
        /// The one-sided 95 % lower bound: the true rate is above it 19 times in 20.
        case lower95
        /// The rate found.
        case value
    }

    /// The suite.
    public let suite: Name
    /// The metric, a yes-or-no one.
    public let metric: Metric
    /// What it is told; nil where it needs nothing, as in policies of before.
    public let parameters: MetricParameters?
    /// The least that is enough, in 0...1.
    public let atLeast: Double
    /// Which number must reach it.
    public let bound: Bound
    /// The fewest cases that count.
    public let minSamples: Int
    /// The oldest evidence that counts, in seconds; nil for any age.
    public let maxAgeSeconds: Double?

    /// A requirement of an evaluation.
    public init(
        suite: Name,
        metric: Metric,
        parameters: MetricParameters? = nil,
        atLeast: Double,
        bound: Bound = .lower95,
        minSamples: Int = 1,
        maxAgeSeconds: Double? = nil
    ) {
        self.suite = suite
        self.metric = metric
        self.parameters = parameters == MetricParameters() ? nil : parameters
        self.atLeast = atLeast
        self.bound = bound
        self.minSamples = minSamples
        self.maxAgeSeconds = maxAgeSeconds
    }

    /// What must be right.
    public var measure: Measure { Measure(metric, parameters ?? MetricParameters()) }
}

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
