public import RegistryTypes

/// Asks what the policy of a channel says of a release.
public struct ExplainRequest: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseChoice
    /// The channel.
    public let channel: Name

    /// Makes the value from its fields.
    public init(release: ReleaseChoice, channel: Name) {
        self.release = release
        self.channel = channel
    }
}

/// A decision in a list.
public struct DecisionSummary: Hashable, Sendable, Codable {
    /// The decision.
    public let id: DecisionID
    /// The release it is about.
    public let release: ReleaseID
    /// The channel.
    public let channel: Name
    /// Whether the move was allowed.
    public let allowed: Bool
    /// Whether a person overrode the policy.
    public let overridden: Bool
    /// When.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(id: DecisionID, release: ReleaseID, channel: Name, allowed: Bool, overridden: Bool, at: Timestamp) {
        self.id = id
        self.release = release
        self.channel = channel
        self.allowed = allowed
        self.overridden = overridden
        self.at = at
    }
}
