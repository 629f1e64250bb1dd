public import RegistryTypes

/// Something burns, or failed.
public struct IncidentOpened: Hashable, Sendable, Codable {
    /// The incident.
    public let id: IncidentID
    /// The model.
    public let model: Name
    /// What it is about.
    public let family: IncidentFamily
    /// How soon somebody must look.
    public let severity: IncidentSeverity
    /// What happened, in a few words.
    public let title: String
    /// The cause as far as it is known, in one sentence.
    public let sentence: String
    /// The numbers it rests on, one line each.
    public let facts: [String]
    /// The channel; nil when it is about the model as such.
    public let channel: Name?
    /// The release that answered.
    public let release: Int?
    /// The rollout it belongs to.
    public let rollout: RolloutID?
    /// The last moves before it, newest first.
    public let lastMoves: [ChannelMove]
    /// Requests that went wrong, at most 40.
    public let samples: [RequestID]

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        model: Name,
        family: IncidentFamily,
        severity: IncidentSeverity,
        title: String,
        sentence: String,
        facts: [String] = [],
        channel: Name? = nil,
        release: Int? = nil,
        rollout: RolloutID? = nil,
        lastMoves: [ChannelMove] = [],
        samples: [RequestID] = []
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
    }
}
