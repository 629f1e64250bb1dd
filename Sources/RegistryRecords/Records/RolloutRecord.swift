public import RegistryTypes
public import UserDocuments

/// A rollout: what came in, how it is watched and what became of it.
public struct RolloutRecord: Hashable, Sendable, Codable {
    /// Its number.
    public let id: RolloutID
    /// The release that came in.
    public let release: ReleaseID
    /// The channel.
    public let channel: Name
    /// The last settled release when it began, which keeps the held-back share; nil for none.
    public let from: Int?
    /// The release the channel pointed to before.
    public let previous: Int?
    /// How the release came in.
    public let how: MoveKind
    /// The event that moved the channel.
    public let move: Int
    /// The policy it follows.
    public let policy: PolicyReference?
    /// How long it is watched, in seconds.
    public let probationSeconds: Double
    /// The share that stays on `from`.
    public let holdback: Double
    /// What takes it back.
    public let triggers: [RollbackTrigger]
    /// The service levels that are watched.
    public let indicators: [RolloutIndicator]
    /// Where it is.
    public let state: RolloutState
    /// How often the server process ended while it ran the release.
    public let crashes: Int
    /// The trigger that returned it.
    public let cause: RolloutCause?
    /// What was seen; nil while it is watched, or when nothing was kept.
    public let result: RolloutResult?
    /// Why a person ended it.
    public let reason: String?
    /// The incident that tells of its return.
    public let incident: IncidentID?
    /// Who promoted.
    public let startedBy: String
    /// When it began.
    public let startedAt: Timestamp
    /// Who or what ended it.
    public let endedBy: String?
    /// When it ended; nil while it is watched.
    public let endedAt: Timestamp?

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        release: ReleaseID,
        channel: Name,
        from: Int? = nil,
        previous: Int? = nil,
        how: MoveKind,
        move: Int,
        policy: PolicyReference? = nil,
        probationSeconds: Double,
        holdback: Double,
        triggers: [RollbackTrigger],
        indicators: [RolloutIndicator],
        state: RolloutState,
        crashes: Int = 0,
        cause: RolloutCause? = nil,
        result: RolloutResult? = nil,
        reason: String? = nil,
        incident: IncidentID? = nil,
        startedBy: String,
        startedAt: Timestamp,
        endedBy: String? = nil,
        endedAt: Timestamp? = nil
    ) {
        self.id = id
        self.release = release
        self.channel = channel
        self.from = from
        self.previous = previous
        self.how = how
        self.move = move
        self.policy = policy
        self.probationSeconds = probationSeconds
        self.holdback = holdback
        self.triggers = triggers
        self.indicators = indicators
        self.state = state
        self.crashes = crashes
        self.cause = cause
        self.result = result
        self.reason = reason
        self.incident = incident
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.endedBy = endedBy
        self.endedAt = endedAt
    }
}
