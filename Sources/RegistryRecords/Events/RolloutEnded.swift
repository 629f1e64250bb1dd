public import RegistryTypes

/// A person, or a newer promotion, ended a watch.
public struct RolloutEnded: Hashable, Sendable, Codable {
    /// The rollout.
    public let id: RolloutID
    /// `rolledBack`, `superseded` or `aborted`.
    public let how: RolloutState
    /// Why, as the person said.
    public let reason: String?
    /// What was seen until then; nil when nothing was kept.
    public let result: RolloutResult?

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        how: RolloutState,
        reason: String? = nil,
        result: RolloutResult? = nil
    ) {
        self.id = id
        self.how = how
        self.reason = reason
        self.result = result
    }
}
