public import RegistryTypes

/// A channel points to another release.
public struct ChannelMoved: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release before; nil for the first one.
    public let from: Int?
    /// The release after.
    public let to: Int
    /// What kind of move it was.
    public let how: MoveKind
    /// The decision that allowed it.
    public let decision: DecisionID?
    /// Why, as the person said.
    public let reason: String?
    /// Whether a rollback may go back to this release.
    public let settled: Bool

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        from: Int? = nil,
        to: Int,
        how: MoveKind,
        decision: DecisionID? = nil,
        reason: String? = nil,
        settled: Bool
    ) {
        self.model = model
        self.channel = channel
        self.from = from
        self.to = to
        self.how = how
        self.decision = decision
        self.reason = reason
        self.settled = settled
    }
}
