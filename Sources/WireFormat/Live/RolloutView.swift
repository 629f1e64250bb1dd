public import RegistryTypes

/// All about a rollout.
public struct RolloutView: Hashable, Sendable, Codable {
    /// What it is.
    public let row: RolloutRow
    /// The policy it follows, with its revision.
    public let policy: String
    /// How long it is watched.
    public let probationSeconds: Double
    /// How long it was watched so far.
    public let watchedSeconds: Double
    /// The share that stays on the last settled release.
    public let holdback: Double
    /// Its triggers.
    public let triggers: [RolloutTriggerRow]
    /// What the arms answered.
    public let arms: [RolloutArmRow]
    /// How often the server process ended while the release served.
    public let crashes: Int
    /// What became of it, in one sentence.
    public let sentence: String
    /// Seconds from the first bad answer to the return; nil when it was not returned.
    public let returnedAfterSeconds: Double?
    /// Bad answers that the release gave before it was returned; nil when it was not returned.
    public let badAnswersServed: Int?
    /// The incident it opened.
    public let incident: IncidentID?
    /// What happened, oldest first.
    public let timeline: [TimelineRow]
    /// Until when its data are.
    public let dataUntil: Timestamp?
    /// When this was read.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        row: RolloutRow,
        policy: String,
        probationSeconds: Double,
        watchedSeconds: Double,
        holdback: Double,
        triggers: [RolloutTriggerRow],
        arms: [RolloutArmRow],
        crashes: Int,
        sentence: String,
        returnedAfterSeconds: Double? = nil,
        badAnswersServed: Int? = nil,
        incident: IncidentID? = nil,
        timeline: [TimelineRow],
        dataUntil: Timestamp? = nil,
        at: Timestamp
    ) {
        self.row = row
        self.policy = policy
        self.probationSeconds = probationSeconds
        self.watchedSeconds = watchedSeconds
        self.holdback = holdback
        self.triggers = triggers
        self.arms = arms
        self.crashes = crashes
        self.sentence = sentence
        self.returnedAfterSeconds = returnedAfterSeconds
        self.badAnswersServed = badAnswersServed
        self.incident = incident
        self.timeline = timeline
        self.dataUntil = dataUntil
        self.at = at
    }
}
