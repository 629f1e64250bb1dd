public import RegistryTypes

/// One move of a channel from a release to another.
public struct ChannelMove: Hashable, Sendable, Codable {
    /// The event that moved it.
    public let seq: Int
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
    /// The decision that allowed it; nil for a rollback.
    public let decision: DecisionID?
    /// Why, as the person said.
    public let reason: String?
    /// Whether the release came through its watch, so that a rollback may go back to it.
    public let settled: Bool
    /// Who moved it.
    public let by: String
    /// When.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        seq: Int,
        model: Name,
        channel: Name,
        from: Int? = nil,
        to: Int,
        how: MoveKind,
        decision: DecisionID? = nil,
        reason: String? = nil,
        settled: Bool,
        by: String,
        at: Timestamp
    ) {
        self.seq = seq
        self.model = model
        self.channel = channel
        self.from = from
        self.to = to
        self.how = how
        self.decision = decision
        self.reason = reason
        self.settled = settled
        self.by = by
        self.at = at
    }
}
