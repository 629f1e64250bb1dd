public import RegistryTypes
public import UserDocuments

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
        case .validOutput, .correctness, .userFeedback: self.init(name: name, family: .quality, degradation: .badAnswers)
        }
    }
}
