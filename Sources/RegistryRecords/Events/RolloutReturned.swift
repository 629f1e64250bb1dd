public import RegistryTypes

/// A trigger takes a release back. Stands after the incident and before the move, the rejection and the hold of the same command.
public struct RolloutReturned: Hashable, Sendable, Codable {
    /// The rollout.
    public let id: RolloutID
    /// The last settled release, which is live again.
    public let to: Int
    /// The trigger.
    public let cause: RolloutCause
    /// What was seen.
    public let result: RolloutResult
    /// The incident that tells of it.
    public let incident: IncidentID?

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        to: Int,
        cause: RolloutCause,
        result: RolloutResult,
        incident: IncidentID? = nil
    ) {
        self.id = id
        self.to = to
        self.cause = cause
        self.result = result
        self.incident = incident
    }
}
