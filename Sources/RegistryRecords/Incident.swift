public import RegistryTypes

/// What an incident is about; a channel of a model has at most one open incident of each.
public enum IncidentFamily: String, Codable, Sendable, CaseIterable {
    /// Requests without an answer.
    case availability
    /// Wrong answers.
    case quality
    /// Late answers.
    case latency
    /// The engine, or the process, failed.
    case engine
    /// Traffic that used to come stopped: nothing burns, and nothing is known.
    case traffic
    /// The traffic or the answers moved away from what they were.
    case drift
    /// Stored bytes that the log names are damaged or gone.
    case store
}

/// How soon somebody must look.
public enum IncidentSeverity: String, Codable, Sendable, CaseIterable {
    /// Now.
    case page
    /// On the next working day.
    case ticket
}

/// All open incidents, of which a list shows the newest.
public struct OpenIncidents: Hashable, Sendable, Codable {
    /// How many are open.
    public let count: Int
    /// When the oldest was opened; nil when none is open.
    public let oldest: Timestamp?

    /// Makes the value from its fields.
    public init(count: Int, oldest: Timestamp?) {
        self.count = count
        self.oldest = oldest
    }
}

/// Something burns, or failed.
public struct IncidentOpened: EventBody {
    public static let kind = "incident.opened"

    /// The incident.
    public let id: IncidentID
    /// The model.
    public let model: Name
    /// What it is about.
    public let family: IncidentFamily
    /// How soon somebody must look.
    public private(set) var severity: IncidentSeverity
    /// What happened, in a few words.
    public let title: String
    /// The cause as far as it is known, in one sentence.
    public let sentence: String
    /// The numbers it rests on, one line each.
    public private(set) var facts: [String]
    /// The channel; nil when it is about the model as such.
    public let channel: Name?
    /// The release that answered.
    public let release: Int?
    /// The rollout it belongs to.
    public let rollout: RolloutID?
    /// The last moves before it, newest first.
    public let lastMoves: [ChannelMove]
    /// Requests that went wrong, at most 40.
    public private(set) var samples: [RequestID]

    public var subject: String { id.description }

    /// The most requests an incident keeps.
    public static let maxSamples = 40

    /// What is known with an update: its severity and facts where it has some, and the first requests that went wrong.
    public func updated(by update: IncidentUpdated) -> IncidentOpened {
        var known = self
        known.severity = update.severity ?? severity
        known.facts = update.facts ?? facts
        for sample in update.samples where known.samples.count < Self.maxSamples && !known.samples.contains(sample) {
            known.samples.append(sample)
        }
        return known
    }

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

/// The server learned more about an open incident.
public struct IncidentUpdated: EventBody {
    public static let kind = "incident.updated"

    /// The incident.
    public let id: IncidentID
    /// What happened.
    public let text: String
    /// The severity from now on; nil leaves it.
    public let severity: IncidentSeverity?
    /// The numbers as they are now; nil leaves them.
    public let facts: [String]?
    /// More requests that went wrong; the incident keeps the first 40.
    public let samples: [RequestID]

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        text: String,
        severity: IncidentSeverity? = nil,
        facts: [String]? = nil,
        samples: [RequestID] = []
    ) {
        self.id = id
        self.text = text
        self.severity = severity
        self.facts = facts
        self.samples = samples
    }
}

/// A person wrote a note to an incident.
public struct IncidentNoted: EventBody {
    public static let kind = "incident.noted"

    /// The incident.
    public let id: IncidentID
    /// The note.
    public let text: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        text: String
    ) {
        self.id = id
        self.text = text
    }
}

/// An incident is over.
public struct IncidentClosed: EventBody {
    public static let kind = "incident.closed"

    /// The incident.
    public let id: IncidentID
    /// Why, as the person said.
    public let reason: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        reason: String
    ) {
        self.id = id
        self.reason = reason
    }
}

/// An incident as it stands.
public struct IncidentRecord: EventRecord {
    /// The event that opened it, with what became known since.
    public let event: IncidentOpened
    /// Who or what opened it.
    public let openedBy: String
    /// When.
    public let openedAt: Timestamp
    /// Who closed it, when and why; nil while it is open.
    public let closed: Recorded<IncidentClosed>?

    /// Makes the value from its events.
    public init(
        _ event: IncidentOpened,
        openedBy: String,
        openedAt: Timestamp,
        closed: Recorded<IncidentClosed>? = nil
    ) {
        self.event = event
        self.openedBy = openedBy
        self.openedAt = openedAt
        self.closed = closed
    }

    /// When it was closed; nil while it is open.
    public var closedAt: Timestamp? { closed?.at }
    /// Who closed it.
    public var closedBy: String? { closed?.by }
    /// Why it was closed.
    public var closedReason: String? { closed?.event.reason }
}

/// One line of the timeline of an incident.
public struct IncidentEntry: Hashable, Sendable {
    /// The event.
    public let seq: Int
    /// The incident.
    public let incident: IncidentID
    /// What happened to the incident.
    public let kind: Kind
    /// What happened.
    public let text: String
    /// Who or what wrote it.
    public let by: String
    /// When.
    public let at: Timestamp

    /// What can happen to an incident.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// It was opened.
        case opened
        /// The server learned more.
        case updated
        /// A person wrote a note.
        case noted
        /// It is over.
        case closed
    }

    /// Makes the value from its fields.
    public init(
        seq: Int,
        incident: IncidentID,
        kind: Kind,
        text: String,
        by: String,
        at: Timestamp
    ) {
        self.seq = seq
        self.incident = incident
        self.kind = kind
        self.text = text
        self.by = by
        self.at = at
    }
}
