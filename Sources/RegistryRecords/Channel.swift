public import RegistryTypes

/// A channel points to another release.
public struct ChannelMoved: EventBody {
    public static let kind = "channel.moved"

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
    /// Whether a rollback may go back to this release; in a record also when it settled later.
    public var settled: Bool

    public var subject: String { "\(model)@\(channel)" }

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

/// What kind of move a channel made.
public enum MoveKind: String, Codable, Sendable, CaseIterable {
    /// The policy allowed it.
    case promoted
    /// A person overrode the policy; such a release settles by its probation, and never without one.
    case overridden
    /// A person took the channel back to the last settled release.
    case rolledBack
    /// A trigger took the channel back to the last settled release.
    case returned
}

/// One move of a channel from a release to another.
public struct ChannelMove: EventRecord, Codable {
    /// The event, settled as it is now.
    public let event: ChannelMoved
    /// Its place in the log.
    public let seq: Int
    /// Who moved it.
    public let by: String
    /// When.
    public let at: Timestamp

    /// Makes the value from its event and what the log says of it.
    public init(_ event: ChannelMoved, seq: Int, by: String, at: Timestamp) {
        self.event = event
        self.seq = seq
        self.by = by
        self.at = at
    }

    private enum CodingKeys: String, CodingKey { case seq, by, at }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try ChannelMoved(from: decoder)
        seq = try own.decode(Int.self, forKey: .seq)
        by = try own.decode(String.self, forKey: .by)
        at = try own.decode(Timestamp.self, forKey: .at)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(seq, forKey: .seq)
        try own.encode(by, forKey: .by)
        try own.encode(at, forKey: .at)
    }
}

/// Where a channel points.
public struct ChannelRecord: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The number of the release it points to.
    public let release: Int
    /// The move that brought it there.
    public let move: ChannelMove
    /// The last settled release, to which a rollback goes; nil when there is none.
    public let rollbackTo: Int?

    /// Makes the value from its fields.
    public init(model: Name, channel: Name, release: Int, move: ChannelMove, rollbackTo: Int? = nil) {
        self.model = model
        self.channel = channel
        self.release = release
        self.move = move
        self.rollbackTo = rollbackTo
    }
}
