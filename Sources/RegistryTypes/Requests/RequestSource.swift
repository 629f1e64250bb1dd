/// What a request was made for. Only ``user`` counts for service levels, rollouts and drift.
public enum RequestSource: String, Codable, Sendable, CaseIterable {
    /// An application's.
    case user
    /// A person's look at an old request with another release.
    case replay
    /// A probe of whether the server answers.
    case health
}
