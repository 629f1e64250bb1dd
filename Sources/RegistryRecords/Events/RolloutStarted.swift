public import RegistryTypes
public import UserDocuments

/// A channel points to a release that is watched from now on. Follows the move in the same command.
public struct RolloutStarted: Hashable, Sendable, Codable {
    /// The rollout.
    public let id: RolloutID
    /// The release that came in.
    public let release: ReleaseID
    /// The channel.
    public let channel: Name
    /// The last settled release, which keeps the held-back share; nil when there is none to go back to.
    public let from: Int?
    /// The policy it follows; nil when none matched.
    public let policy: PolicyReference?
    /// How long it is watched, in seconds; more than zero.
    public let probationSeconds: Double
    /// The share that stays on `from`, in 0...0.5.
    public let holdback: Double
    /// What takes the release back.
    public let triggers: [RollbackTrigger]
    /// The service levels that are watched.
    public let indicators: [RolloutIndicator]

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        release: ReleaseID,
        channel: Name,
        from: Int? = nil,
        policy: PolicyReference? = nil,
        probationSeconds: Double,
        holdback: Double,
        triggers: [RollbackTrigger],
        indicators: [RolloutIndicator]
    ) {
        self.id = id
        self.release = release
        self.channel = channel
        self.from = from
        self.policy = policy
        self.probationSeconds = probationSeconds
        self.holdback = holdback
        self.triggers = triggers
        self.indicators = indicators
    }
}
