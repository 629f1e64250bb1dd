public import RegistryTypes

/// All about an incident.
public struct IncidentView: Hashable, Sendable, Codable {
    /// What it is.
    public let row: IncidentRow
    /// The cause as far as it is known, in one sentence.
    public let sentence: String
    /// The figures it rests on, one line each.
    public let facts: [String]
    /// What changed before it, newest first.
    public let changedBefore: [TimelineRow]
    /// What happened since, oldest first.
    public let timeline: [TimelineRow]
    /// Requests that went wrong, at most 40.
    public let samples: [RequestRow]
    /// The rollout it belongs to.
    public let rollout: RolloutID?
    /// What to do, as a command.
    public let next: String
    /// When this was read.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        row: IncidentRow,
        sentence: String,
        facts: [String],
        changedBefore: [TimelineRow],
        timeline: [TimelineRow],
        samples: [RequestRow],
        rollout: RolloutID? = nil,
        next: String,
        at: Timestamp
    ) {
        self.row = row
        self.sentence = sentence
        self.facts = facts
        self.changedBefore = changedBefore
        self.timeline = timeline
        self.samples = samples
        self.rollout = rollout
        self.next = next
        self.at = at
    }
}
