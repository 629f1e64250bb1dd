public import RegistryTypes

/// A channel that nobody may promote to until a person lifts the hold.
public struct HoldRecord: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// Why.
    public let reason: String
    /// The rollout that was returned.
    public let rollout: RolloutID?
    /// Who placed it.
    public let by: String
    /// Since when.
    public let at: Timestamp
    /// Who lifted it; nil while it holds.
    public let liftedBy: String?
    /// When.
    public let liftedAt: Timestamp?
    /// Why.
    public let liftedReason: String?

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        reason: String,
        rollout: RolloutID? = nil,
        by: String,
        at: Timestamp,
        liftedBy: String? = nil,
        liftedAt: Timestamp? = nil,
        liftedReason: String? = nil
    ) {
        self.model = model
        self.channel = channel
        self.reason = reason
        self.rollout = rollout
        self.by = by
        self.at = at
        self.liftedBy = liftedBy
        self.liftedAt = liftedAt
        self.liftedReason = liftedReason
    }
}
