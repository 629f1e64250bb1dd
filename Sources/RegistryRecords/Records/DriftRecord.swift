public import Digests
public import RegistryTypes

/// A comparison of a window of traffic with a reference.
public struct DriftRecord: Hashable, Sendable, Codable {
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
    /// Who asked for it.
    public let by: String
    /// When.
    public let at: Timestamp

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
        by: String,
        at: Timestamp
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
        self.by = by
        self.at = at
    }
}
