public import RegistryTypes

/// A release came through its watch: the move that brought it counts as settled from now on.
public struct RolloutSettled: Hashable, Sendable, Codable {
    /// The rollout.
    public let id: RolloutID
    /// What was seen.
    public let result: RolloutResult

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        result: RolloutResult
    ) {
        self.id = id
        self.result = result
    }
}
