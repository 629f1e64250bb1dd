public import Digests
public import RegistryTypes

/// A stretch of time whose requests are summarised together.
public struct DriftWindow: Hashable, Sendable, Codable {
    /// Its start, included.
    public let from: Timestamp
    /// Its end, excluded.
    public let to: Timestamp
    /// Requests in it.
    public let requests: Int

    /// Makes the value from its fields.
    public init(
        from: Timestamp,
        to: Timestamp,
        requests: Int
    ) {
        self.from = from
        self.to = to
        self.requests = requests
    }
}

/// What a drift report concludes.
public enum DriftVerdict: String, Codable, Sendable, CaseIterable {
    /// The reference is not complete yet: only capture faults are told.
    case learning
    /// Nothing that was measured on both sides says anything: neither stable nor drift.
    case unknown
    /// Nothing moved beyond what two samples of the same traffic differ by.
    case none
    /// Something moved for certain, by less than anybody need act on, or by more but not for certain.
    case changed
    /// Something moved for certain and by more than its floor: somebody should look, in working hours.
    case ticket
    /// Answers got worse by more than the margin allows: somebody should look now.
    case page

    /// What is so, for people: how soon somebody must look is no verdict.
    public var words: String {
        switch self {
        case .learning: "learning"
        case .unknown: "unknown"
        case .none: "stable"
        case .changed: "changed"
        case .ticket: "drift"
        case .page: "drift, worse answers"
        }
    }

    /// Whether the command that asked exits with 10.
    public var isDrift: Bool { self == .ticket || self == .page }
}

/// A reference that drift is measured against was frozen, and is the one that counts from now on.
public struct DriftBaselineSet: EventBody {
    public static let kind = "drift.baselineSet"

    /// Where a reference comes from.
    public enum How: String, Codable, Sendable {
        /// A person chose a window.
        case chosen
        /// It is the traffic of the first days after a promotion.
        case learned
    }

    /// The reference.
    public let id: BaselineID
    /// The model.
    public let model: Name
    /// The channel whose traffic it is; nil for all of the model's.
    public let channel: Name?
    /// Where it came from.
    public let how: How
    /// The traffic it was made from.
    public let window: DriftWindow
    /// The release whose promotion opened it; nil for a chosen window.
    public let release: Int?
    /// The reference model that scored its prompts; nil when none did.
    public let referenceModel: Digest?
    /// The blob of the frozen reference.
    public let reference: Digest
    /// The size of that blob in bytes; nil in a record, as only the table of blobs keeps it.
    public var referenceSizeBytes: Int64?
    /// Why a person chose it; nil when it was learned.
    public let reason: String?
    /// The numbers of the releases that answered in it; nil where an older build froze it.
    public let releases: [Int]?

    /// The names under which the first builds stored the members.
    private enum CodingKeys: String, CodingKey {
        case id, model, channel, how, window, release, reference, referenceSizeBytes, reason, releases
        case referenceModel = "yardstick"
    }

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: BaselineID,
        model: Name,
        channel: Name? = nil,
        how: How,
        window: DriftWindow,
        release: Int? = nil,
        referenceModel: Digest? = nil,
        reference: Digest,
        referenceSizeBytes: Int64?,
        reason: String? = nil,
        releases: [Int]? = nil
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.how = how
        self.window = window
        self.release = release
        self.referenceModel = referenceModel
        self.reference = reference
        self.referenceSizeBytes = referenceSizeBytes
        self.reason = reason
        self.releases = releases
    }
}

/// A reference that drift is measured against: who set it, and when.
public typealias DriftBaselineRecord = Recorded<DriftBaselineSet>

/// A window of traffic was compared with a reference.
public struct DriftReported: EventBody {
    public static let kind = "drift.reported"

    /// The report.
    public let id: DriftID
    /// The model.
    public let model: Name
    /// The channel whose traffic it is; nil for all of the model's.
    public let channel: Name?
    /// The reference.
    public let baseline: BaselineID
    /// What was compared with it.
    public let window: DriftWindow
    /// What it concludes.
    public let verdict: DriftVerdict
    /// Why, in one sentence.
    public let sentence: String
    /// The signal that leads; nil when none moved.
    public let leading: String?
    /// The signals that moved beyond their floors.
    public let moved: [String]
    /// The blob of the report.
    public let evidence: Digest
    /// The size of that blob in bytes; nil in a record, as only the table of blobs keeps it.
    public var evidenceSizeBytes: Int64?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: DriftID,
        model: Name,
        channel: Name? = nil,
        baseline: BaselineID,
        window: DriftWindow,
        verdict: DriftVerdict,
        sentence: String,
        leading: String? = nil,
        moved: [String],
        evidence: Digest,
        evidenceSizeBytes: Int64?
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.baseline = baseline
        self.window = window
        self.verdict = verdict
        self.sentence = sentence
        self.leading = leading
        self.moved = moved
        self.evidence = evidence
        self.evidenceSizeBytes = evidenceSizeBytes
    }
}

/// A comparison of a window of traffic with a reference: who asked for it, and when.
public typealias DriftRecord = Recorded<DriftReported>
