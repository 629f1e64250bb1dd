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

/// A release that is live without a watch has answered: the move that brought it counts as settled from now on.
public struct ChannelSettled: EventBody {
    public static let kind = "channel.settled"

    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release that is live.
    public let release: Int
    /// The event of the move that brought it there.
    public let move: Int
    /// Requests to the channel that it answered since.
    public let answered: Int
    /// Requests that got no answer.
    public let failed: Int

    public var subject: String { "\(model)@\(channel)" }

    /// Answers without which nothing settles: with fewer, all right says little.
    public static let neededAnswers = 10

    /// Whether a release that answered `answered` requests of applications and failed `failed` served: enough answers,
    /// and more of them than failures.
    public static func isServed(answered: Int, failed: Int) -> Bool { answered >= neededAnswers && answered > failed }

    /// Makes the value from its fields.
    public init(model: Name, channel: Name, release: Int, move: Int, answered: Int, failed: Int) {
        self.model = model
        self.channel = channel
        self.release = release
        self.move = move
        self.answered = answered
        self.failed = failed
    }
}

/// What kind of move a channel made.
public enum MoveKind: String, Codable, Sendable, CaseIterable {
    /// The policy allowed it.
    case promoted
    /// A person overrode the policy; such a release settles by its probation, and never without one, unless it is the
    /// first of its channel.
    case overridden
    /// A person took the channel back: to the last settled release, or to another one that they named.
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
    /// Where a person's rollback goes when nothing settled: the release that was live last before, neither rejected nor
    /// lost. Nothing goes there by itself. Nil when there is none, or where ``rollbackTo`` is one.
    public let rollbackToUnsettled: Int?

    /// Where a person's rollback goes; nil when it would be refused, since there is nothing to go back to.
    public var rollbackTarget: Int? { rollbackTo ?? rollbackToUnsettled }

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        release: Int,
        move: ChannelMove,
        rollbackTo: Int? = nil,
        rollbackToUnsettled: Int? = nil
    ) {
        self.model = model
        self.channel = channel
        self.release = release
        self.move = move
        self.rollbackTo = rollbackTo
        self.rollbackToUnsettled = rollbackToUnsettled
    }

    /// Whether the release settles when it has answered: it is live without having settled, and no policy was
    /// overridden for it. One that came over another release by override settles by a probation, or not at all.
    public var settlesByAnswering: Bool { !move.settled && !(move.how == .overridden && move.from != nil) }
}
