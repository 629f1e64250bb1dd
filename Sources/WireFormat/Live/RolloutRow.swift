public import RegistryTypes

/// A rollout in a list.
public struct RolloutRow: Hashable, Sendable, Codable {
    /// Its number.
    public let id: RolloutID
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release that came in.
    public let release: Int
    /// The release before.
    public let previous: Int?
    /// The last settled release, to which a return goes.
    public let settledRelease: Int?
    /// `probation`, `settled`, `returned`, `rolledBack`, `superseded` or `aborted`.
    public let state: String
    /// The state in words, such as `watching 12 of 20 s`.
    public let words: String
    /// When it began.
    public let startedAt: Timestamp
    /// When it ended; nil while it is watched.
    public let endedAt: Timestamp?
    /// Who promoted.
    public let startedBy: String
    /// Whether it came in against its policy.
    public let isOverride: Bool

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        model: Name,
        channel: Name,
        release: Int,
        previous: Int? = nil,
        settledRelease: Int? = nil,
        state: String,
        words: String,
        startedAt: Timestamp,
        endedAt: Timestamp? = nil,
        startedBy: String,
        isOverride: Bool
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.release = release
        self.previous = previous
        self.settledRelease = settledRelease
        self.state = state
        self.words = words
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.startedBy = startedBy
        self.isOverride = isOverride
    }
}
