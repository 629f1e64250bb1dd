public import RegistryTypes

/// What happened under a rollout since the last observation, about a second ago.
public struct RolloutObservation: Sendable {
    /// The clock that only runs forward, from any origin that stays the same while the process lives.
    public let monotonicSeconds: Double
    /// The wall clock, only for the record: no decision rests on it.
    public let time: Timestamp
    /// Requests that were answered or failed; bad are those without an answer.
    public let requests: ArmCounts
    /// How often the engine failed under each release.
    public let engineFailures: (candidate: Int, heldBack: Int)
    /// What each service level saw; one that is left out saw nothing.
    public let levels: [LevelObservation]

    /// Makes the value from its fields.
    public init(
        monotonicSeconds: Double,
        time: Timestamp,
        requests: ArmCounts = ArmCounts(),
        engineFailures: (candidate: Int, heldBack: Int) = (0, 0),
        levels: [LevelObservation] = []
    ) {
        self.monotonicSeconds = monotonicSeconds
        self.time = time
        self.requests = requests
        self.engineFailures = engineFailures
        self.levels = levels
    }
}
