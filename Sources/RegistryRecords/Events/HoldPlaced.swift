public import RegistryTypes

/// Nobody may promote to a channel until a person lifts the hold; rollbacks and overrides may.
public struct HoldPlaced: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The rollout that was returned.
    public let rollout: RolloutID?
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        rollout: RolloutID? = nil,
        reason: String
    ) {
        self.model = model
        self.channel = channel
        self.rollout = rollout
        self.reason = reason
    }
}
