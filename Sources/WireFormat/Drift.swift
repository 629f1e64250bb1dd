public import RegistryRecords
public import RegistryTypes

/// Asks for two windows to be compared.
public struct DriftRequest: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel; nil means production.
    public let channel: Name?
    /// How long the window is; nil means the newest 24 hours.
    public let windowSeconds: Double?
    /// The end of the window; nil means now.
    public let until: Timestamp?
    /// A reference by its number such as `b-3`; nil means the model's newest.
    public let against: String?

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name? = nil,
        windowSeconds: Double? = nil,
        until: Timestamp? = nil,
        against: String? = nil
    ) {
        self.model = model
        self.channel = channel
        self.windowSeconds = windowSeconds
        self.until = until
        self.against = against
    }
}

/// A drift report in a list.
public struct DriftRow: Hashable, Sendable, Codable {
    /// Its number.
    public let id: DriftID
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// `none`, `changed`, `ticket`, `page`, `learning`, `unknown` or `tooLittleData`.
    public let verdict: String
    /// What moved, in one sentence.
    public let sentence: String
    /// The window's start.
    public let since: Timestamp
    /// The window's end.
    public let until: Timestamp
    /// Requests in the window.
    public let requests: Int
    /// When it was made.
    public let at: Timestamp
    /// Who asked.
    public let by: String

    /// Makes the value from its fields.
    public init(
        id: DriftID,
        model: Name,
        channel: Name,
        verdict: String,
        sentence: String,
        since: Timestamp,
        until: Timestamp,
        requests: Int,
        at: Timestamp,
        by: String
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.verdict = verdict
        self.sentence = sentence
        self.since = since
        self.until = until
        self.requests = requests
        self.at = at
        self.by = by
    }
}

/// A drift report with what belongs to it.
public struct DriftView: Hashable, Sendable, Codable {
    /// What it is.
    public let row: DriftRow
    /// The report.
    public let report: DriftReport
    /// What changed in the period: moves, documents, prompts.
    public let changes: [TimelineRow]

    /// Makes the value from its fields.
    public init(row: DriftRow, report: DriftReport, changes: [TimelineRow]) {
        self.row = row
        self.report = report
        self.changes = changes
    }
}

/// Makes a window the reference of a model.
public struct BaselineRequest: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel; nil means production.
    public let channel: Name?
    /// The window's start.
    public let since: Timestamp
    /// The window's end.
    public let until: Timestamp
    /// Why.
    public let reason: String?

    /// Makes the value from its fields.
    public init(model: Name, channel: Name? = nil, since: Timestamp, until: Timestamp, reason: String? = nil) {
        self.model = model
        self.channel = channel
        self.since = since
        self.until = until
        self.reason = reason
    }
}

/// The reference that drift of a model is measured against.
public struct BaselineView: Hashable, Sendable, Codable {
    /// Its number, such as `b-3`.
    public let id: String
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The window's start.
    public let since: Timestamp
    /// The window's end.
    public let until: Timestamp
    /// Requests in it.
    public let requests: Int
    /// `frozen`, or `learning` with how far it is.
    public let state: String
    /// The hash of its summary.
    public let digest: String
    /// The version that scores prompts.
    public let referenceModel: VersionID?
    /// Who set it.
    public let setBy: String
    /// When.
    public let setAt: Timestamp

    /// Makes the value from its fields.
    public init(
        id: String,
        model: Name,
        channel: Name,
        since: Timestamp,
        until: Timestamp,
        requests: Int,
        state: String,
        digest: String,
        referenceModel: VersionID? = nil,
        setBy: String,
        setAt: Timestamp
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.since = since
        self.until = until
        self.requests = requests
        self.state = state
        self.digest = digest
        self.referenceModel = referenceModel
        self.setBy = setBy
        self.setAt = setAt
    }
}
