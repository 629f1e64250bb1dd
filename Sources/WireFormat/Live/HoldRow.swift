public import RegistryTypes

/// A channel that nobody may promote to until a person lifts the hold.
public struct HoldRow: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// Why.
    public let reason: String
    /// Since when.
    public let since: Timestamp
    /// Who placed it.
    public let by: String
    /// The rollout that was returned.
    public let rollout: RolloutID?

    /// Makes the value from its fields.
    public init(model: Name, channel: Name, reason: String, since: Timestamp, by: String, rollout: RolloutID? = nil) {
        self.model = model
        self.channel = channel
        self.reason = reason
        self.since = since
        self.by = by
        self.rollout = rollout
    }
}
