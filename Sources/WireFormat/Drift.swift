public import RegistryRecords
public import RegistryTypes
import Wording

extension DriftReport {
    /// How many signals were looked at, and what became of each: the parts are all there are.
    /// `2 of 28 signals moved, 22 are inside their bands, 1 moved by little or not for certain, 1 is undecided (beyond its
    /// floor, perhaps by chance), 2 have no data`.
    public var tally: String {
        func count(_ state: DriftTest.State) -> Int { tests.count { $0.state == state } }
        func part(_ state: DriftTest.State, _ one: String, _ many: String) -> String? {
            count(state) > 0 ? "\(NumberText.count(count(state))) \(count(state) == 1 ? one : many)" : nil
        }
        let moved = "\(NumberText.count(count(.moved))) of \(NumberText.count(tests.count, "signal")) moved"
        let others = DriftTest.State.allCases.compactMap { state -> String? in
            switch state {
            case .moved: nil
            case .stable: part(state, "is inside its band", "are inside their bands")
            case .small: part(state, "moved by little or not for certain", "moved by little or not for certain")
            case .undecided:
                part(
                    state,
                    "is undecided (beyond its floor, perhaps by chance)",
                    "are undecided (beyond their floors, perhaps by chance)"
                )
            case .better: part(state, "is better", "are better")
            case .muted: part(state, "is muted by a fault of the capture", "are muted by a fault of the capture")
            case .unknown: part(state, "has no data", "have no data")
            }
        }
        return ([moved] + others).joined(separator: ", ")
    }
}

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
    /// Whether the channel is compared with it: ``inForce``, or ``replaced`` by a newer one.
    public let state: String
    /// The hash of its summary.
    public let digest: String
    /// The version that scores prompts.
    public let referenceModel: VersionID?
    /// Who set it.
    public let setBy: String
    /// When.
    public let setAt: Timestamp
    /// The numbers of the releases that answered in it; nil where an older build froze it.
    public let releases: [Int]?
    /// Those of them that are rejected now: what they answered is a doubtful measure.
    public let rejected: [Int]?

    /// The channel is compared with it.
    public static let inForce = "in force"
    /// The channel is compared with a newer one.
    public static let replaced = "replaced"

    /// Who answered in it, such as `r1, r2 (rejected)`.
    public var answeredBy: String {
        guard let releases else { return NumberText.unknown }
        return releases.map { "r\($0)" + (rejected?.contains($0) == true ? " (rejected)" : "") }
            .joined(separator: ", ")
    }

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
        setAt: Timestamp,
        releases: [Int]? = nil,
        rejected: [Int]? = nil
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
        self.releases = releases
        self.rejected = rejected
    }
}
