public import RegistryTypes

/// An incident in a list.
public struct IncidentRow: Hashable, Sendable, Codable {
    /// Its number.
    public let id: IncidentID
    /// The model.
    public let model: Name
    /// The channel; nil when it is about the model as such.
    public let channel: Name?
    /// What burned, such as `quality`.
    public let family: String
    /// `page` or `ticket`.
    public let severity: String
    /// What happened.
    public let title: String
    /// When it opened.
    public let openedAt: Timestamp
    /// When it closed; nil while it is open.
    public let closedAt: Timestamp?
    /// The release that answered.
    public let release: Int?

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        model: Name,
        channel: Name? = nil,
        family: String,
        severity: String,
        title: String,
        openedAt: Timestamp,
        closedAt: Timestamp? = nil,
        release: Int? = nil
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.family = family
        self.severity = severity
        self.title = title
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.release = release
    }
}

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
    /// What was asked and had been so already, so that nothing of it was stored; nil where it was done now.
    public let note: String?

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
        at: Timestamp,
        note: String? = nil
    ) {
        self.note = note
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

/// One thing that happened.
public struct TimelineRow: Hashable, Sendable, Codable {
    /// When.
    public let at: Timestamp
    /// Who did it, or `serin`.
    public let by: String
    /// What.
    public let text: String
    /// `opened`, `changed`, `note`, `move`, `closed`.
    public let kind: String
    /// The log entry; nil when it is none.
    public let event: Int?

    /// Makes the value from its fields.
    public init(at: Timestamp, by: String, text: String, kind: String, event: Int? = nil) {
        self.at = at
        self.by = by
        self.text = text
        self.kind = kind
        self.event = event
    }
}

/// A remark.
public struct NoteRequest: Hashable, Sendable, Codable {
    /// The remark.
    public let text: String

    /// Makes the value from its fields.
    public init(text: String) {
        self.text = text
    }
}

/// Why something is done.
public struct ReasonRequest: Hashable, Sendable, Codable {
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(reason: String) {
        self.reason = reason
    }
}
