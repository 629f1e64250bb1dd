public import RegistryRecords
public import RegistryTypes

/// Where a channel points, and what that is.
public struct ChannelView: Hashable, Sendable, Codable {
    /// Where it points.
    public let record: ChannelRecord
    /// The release it points to.
    public let release: ReleaseRecord
    /// Whether the server holds it in memory.
    public let loaded: Bool

    /// Makes the value from its fields.
    public init(record: ChannelRecord, release: ReleaseRecord, loaded: Bool) {
        self.record = record
        self.release = release
        self.loaded = loaded
    }
}

/// Asks to move a channel to a release.
public struct PromoteRequest: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseChoice
    /// Why.
    public let reason: String?
    /// Move against the policy; needs the role and a reason.
    public let override: Bool?
    /// Decide, move nothing.
    public let dryRun: Bool?
    /// The release the channel must point to now; another one is a conflict.
    public let expectedRelease: Int?
    /// The same key gives the same answer and moves once.
    public let idempotencyKey: String?

    /// Makes the value from its fields.
    public init(
        release: ReleaseChoice,
        reason: String? = nil,
        override: Bool? = nil,
        dryRun: Bool? = nil,
        expectedRelease: Int? = nil,
        idempotencyKey: String? = nil
    ) {
        self.release = release
        self.reason = reason
        self.override = override
        self.dryRun = dryRun
        self.expectedRelease = expectedRelease
        self.idempotencyKey = idempotencyKey
    }
}

/// Asks to take a channel back.
public struct RollbackRequest: Hashable, Sendable, Codable {
    /// The release to go to; the last settled one when nil.
    public let to: Int?
    /// Why.
    public let reason: String?
    /// Say what would happen.
    public let dryRun: Bool?
    /// The release the channel must point to now; another one is a conflict.
    public let expectedRelease: Int?
    /// The same key gives the same answer and moves once.
    public let idempotencyKey: String?

    /// Makes the value from its fields.
    public init(
        to: Int? = nil,
        reason: String? = nil,
        dryRun: Bool? = nil,
        expectedRelease: Int? = nil,
        idempotencyKey: String? = nil
    ) {
        self.to = to
        self.reason = reason
        self.dryRun = dryRun
        self.expectedRelease = expectedRelease
        self.idempotencyKey = idempotencyKey
    }
}

/// What became of a request to move a channel.
public struct MoveAnswer: Hashable, Sendable, Codable {
    /// What became of it.
    public let outcome: Outcome
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release before.
    public let from: ReleaseRecord?
    /// The release asked for.
    public let to: ReleaseRecord
    /// What the policy said; nil for a rollback.
    public let decision: Decision?
    /// The move; nil when nothing moved.
    public let move: ChannelMove?
    /// Seconds to load the release; nil when it was loaded already or nothing moved.
    public let loadSeconds: Double?
    /// Seconds from the request to the committed move.
    public let seconds: Double
    /// The checks that would make the policy allow it; nil when it allows it or no check would change its answer.
    public let missingChecks: [MissingCheck]?
    /// Why a rollback goes where it goes; nil where that is the last settled release, and for a promotion.
    public let why: String?

    /// Makes the value from its fields.
    public init(
        outcome: Outcome,
        model: Name,
        channel: Name,
        from: ReleaseRecord? = nil,
        to: ReleaseRecord,
        decision: Decision? = nil,
        move: ChannelMove? = nil,
        loadSeconds: Double? = nil,
        seconds: Double,
        missingChecks: [MissingCheck]? = nil,
        why: String? = nil
    ) {
        self.outcome = outcome
        self.model = model
        self.channel = channel
        self.from = from
        self.to = to
        self.decision = decision
        self.move = move
        self.loadSeconds = loadSeconds
        self.seconds = seconds
        self.missingChecks = missingChecks
        self.why = why
    }

    /// What became of a request to move a channel.
    public enum Outcome: String, Codable, Sendable {
        /// The channel points to the release now.
        case moved
        /// It pointed there already.
        case unchanged
        /// The policy does not allow it.
        case refused
        /// It would be moved; nothing was changed.
        case wouldMove
    }
}
