public import RegistryTypes

/// An incident as it stands.
public struct IncidentRecord: Hashable, Sendable, Codable {
    /// Its number.
    public let id: IncidentID
    /// The model.
    public let model: Name
    /// What it is about.
    public let family: IncidentFamily
    /// How soon somebody must look.
    public let severity: IncidentSeverity
    /// What happened, in a few words.
    public let title: String
    /// The cause as far as it was known, in one sentence.
    public let sentence: String
    /// The numbers it rests on, one line each.
    public let facts: [String]
    /// The channel.
    public let channel: Name?
    /// The release that answered.
    public let release: Int?
    /// The rollout it belongs to.
    public let rollout: RolloutID?
    /// The last moves before it, newest first.
    public let lastMoves: [ChannelMove]
    /// Requests that went wrong, at most 40.
    public let samples: [RequestID]
    /// Who or what opened it.
    public let openedBy: String
    /// When.
    public let openedAt: Timestamp
    /// Who closed it; nil while it is open.
    public let closedBy: String?
    /// When.
    public let closedAt: Timestamp?
    /// Why.
    public let closedReason: String?

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        model: Name,
        family: IncidentFamily,
        severity: IncidentSeverity,
        title: String,
        sentence: String,
        facts: [String],
        channel: Name? = nil,
        release: Int? = nil,
        rollout: RolloutID? = nil,
        lastMoves: [ChannelMove],
        samples: [RequestID],
        openedBy: String,
        openedAt: Timestamp,
        closedBy: String? = nil,
        closedAt: Timestamp? = nil,
        closedReason: String? = nil
    ) {
        self.id = id
        self.model = model
        self.family = family
        self.severity = severity
        self.title = title
        self.sentence = sentence
        self.facts = facts
        self.channel = channel
        self.release = release
        self.rollout = rollout
        self.lastMoves = lastMoves
        self.samples = samples
        self.openedBy = openedBy
        self.openedAt = openedAt
        self.closedBy = closedBy
        self.closedAt = closedAt
        self.closedReason = closedReason
    }
}
