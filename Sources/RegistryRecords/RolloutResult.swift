public import RegistryTypes
public import UserDocuments

/// What a watch came to, in numbers.
public struct RolloutResult: Hashable, Sendable, Codable {
    /// How long the release was watched: time while the server ran, whatever the wall clock did.
    public let watchedSeconds: Double
    /// Requests that the release answered or failed.
    public let requests: Int
    /// Requests that the last settled release answered or failed meanwhile.
    public let heldBackRequests: Int
    /// Bad events of the release in the deciding service level, or in the worst one where none decided.
    public let badAnswers: Int
    /// When the first of these was seen; nil for none.
    public let firstBadAt: Timestamp?
    /// What happened, in one sentence.
    public let sentence: String
    /// The numbers it rests on, one line each.
    public let facts: [String]
    /// How close each trigger of the policy was, in its order; nil in logs of builds that did not keep it.
    public let triggers: [Trigger]?
    /// Requests that the release failed; nil where it was not kept.
    public let failedRequests: Int?
    /// Requests that the last settled release failed meanwhile; nil where it was not kept.
    public let heldBackFailed: Int?
    /// Bad events of the last settled release in the level of ``badAnswers``; nil without one, and where it was not kept.
    public let heldBackBad: Int?

    /// How close a trigger was at the end.
    public struct Trigger: Hashable, Sendable, Codable {
        /// The trigger.
        public let trigger: RollbackTrigger
        /// How it stood: `quiet`, `suspected`, `shared` or `fired`.
        public let state: String
        /// The service level that was closest; nil when it is not about one, or nothing was known.
        public let indicator: Name?
        /// What was measured; nil when unknown.
        public let value: Double?
        /// The value at which it fires.
        public let limit: Double

        /// Makes the value from its fields.
        public init(trigger: RollbackTrigger, state: String, indicator: Name?, value: Double?, limit: Double) {
            self.trigger = trigger
            self.state = state
            self.indicator = indicator
            self.value = value
            self.limit = limit
        }
    }

    /// Makes the value from its fields.
    public init(
        watchedSeconds: Double,
        requests: Int,
        heldBackRequests: Int,
        badAnswers: Int,
        firstBadAt: Timestamp? = nil,
        sentence: String,
        facts: [String] = [],
        triggers: [Trigger]? = nil,
        failedRequests: Int? = nil,
        heldBackFailed: Int? = nil,
        heldBackBad: Int? = nil
    ) {
        self.watchedSeconds = watchedSeconds
        self.requests = requests
        self.heldBackRequests = heldBackRequests
        self.badAnswers = badAnswers
        self.firstBadAt = firstBadAt
        self.sentence = sentence
        self.facts = facts
        self.triggers = triggers
        self.failedRequests = failedRequests
        self.heldBackFailed = heldBackFailed
        self.heldBackBad = heldBackBad
    }
}

/// Which trigger returned a release.
public struct RolloutCause: Hashable, Sendable, Codable {
    /// The kind of trigger.
    public let kind: Kind
    /// The service level that showed it; nil for an engine or a process that failed.
    public let indicator: Name?

    /// The kinds of triggers.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The error budget burned, and the release was the cause.
        case burn
        /// Bad events came more often than under the release before.
        case worseThanPrevious
        /// The engine failed too often.
        case engineFailures
        /// The server process ended twice while the release served.
        case crashes = "deaths"
    }

    /// Makes the value from its fields.
    public init(
        kind: Kind,
        indicator: Name? = nil
    ) {
        self.kind = kind
        self.indicator = indicator
    }
}

/// A service level that a rollout watches: those in force when it began, so that the number of comparisons is fixed.
public struct RolloutIndicator: Hashable, Sendable, Codable {
    /// The service level.
    public let name: Name
    /// The family of the incident that a burn of it opens.
    public let family: IncidentFamily
    /// The comparison of a policy it belongs to; nil for none.
    public let degradation: Degradation?

    /// The names under which events of the first builds store the members.
    private enum CodingKeys: String, CodingKey {
        case name, family
        case degradation = "harm"
    }

    /// Makes the value from its fields.
    public init(name: Name, family: IncidentFamily, degradation: Degradation? = nil) {
        self.name = name
        self.family = family
        self.degradation = degradation
    }

    /// The service level `name` over `indicator`.
    public init(name: Name, indicator: Indicator.Kind) {
        switch indicator {
        case .availability: self.init(name: name, family: .availability, degradation: .failedRequests)
        case .totalLatency, .timeToFirstToken, .timePerOutputToken:
            self.init(name: name, family: .latency, degradation: .slowAnswers)
        case .validOutput, .correctness, .userFeedback:
            self.init(name: name, family: .quality, degradation: .badAnswers)
        }
    }
}
