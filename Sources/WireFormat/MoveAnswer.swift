public import RegistryRecords
public import RegistryTypes

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
        missingChecks: [MissingCheck]? = nil
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
