/// A service level that a rollout watches: those in force when it began, so that the number of comparisons is fixed.
public struct RolloutIndicator: Hashable, Sendable, Codable {
    /// The service level.
    public let name: Name
    /// The family of the incident that a burn of it opens.
    public let family: IncidentFamily
    /// The comparison of a policy it belongs to; nil for none.
    public let harm: Harm?

    /// Makes the value from its fields.
    public init(name: Name, family: IncidentFamily, harm: Harm? = nil) {
        self.name = name
        self.family = family
        self.harm = harm
    }

    /// The service level `name` over `indicator`.
    public init(name: Name, indicator: Indicator.Kind) {
        switch indicator {
        case .availability: self.init(name: name, family: .availability, harm: .failedRequests)
        case .totalLatency, .timeToFirstToken, .timePerOutputToken:
            self.init(name: name, family: .latency, harm: .slowAnswers)
        case .validOutput, .correctness, .userFeedback: self.init(name: name, family: .quality, harm: .badAnswers)
        }
    }
}
