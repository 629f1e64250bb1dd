/// A service level that a rollout watches: those in force when it began, so that the number of comparisons is fixed.
public struct RolloutIndicator: Hashable, Sendable, Codable {
    /// The service level.
    public let name: Name
    /// The family of the incident that a burn of it opens.
    public let family: IncidentFamily
    /// The comparison of a policy it belongs to; nil for none.
    public let harm: Harm?

    /// Makes the value from its fields.
    public init(
        name: Name,
        family: IncidentFamily,
        harm: Harm? = nil
    ) {
        self.name = name
        self.family = family
        self.harm = harm
    }
}
