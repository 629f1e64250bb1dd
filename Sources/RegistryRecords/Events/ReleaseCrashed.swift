public import RegistryTypes

/// The server process ended while it ran a release, as the marker on disk says.
public struct ReleaseCrashed: Hashable, Sendable, Codable {
    /// The release.
    public let id: ReleaseID
    /// The rollout that watches it; nil for none.
    public let rollout: RolloutID?
    /// What is known of it.
    public let why: String

    /// Makes the value from its fields.
    public init(
        id: ReleaseID,
        rollout: RolloutID? = nil,
        why: String
    ) {
        self.id = id
        self.rollout = rollout
        self.why = why
    }
}
