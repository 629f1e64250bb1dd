public import Digests
public import RegistryTypes

/// A reference that drift is measured against.
public struct DriftBaselineRecord: Hashable, Sendable, Codable {
    /// The reference.
    public let id: BaselineID
    /// The model.
    public let model: Name
    /// The channel whose traffic it is; nil for all of the model's.
    public let channel: Name?
    /// Where it came from.
    public let how: DriftBaselineSet.How
    /// The traffic it was made from.
    public let window: DriftWindow
    /// The release whose promotion opened it; nil for a chosen window.
    public let release: Int?
    /// The reference model that scored its prompts; nil when none did.
    public let referenceModel: Digest?
    /// The blob of the frozen reference.
    public let reference: Digest
    /// Why a person chose it; nil when it was learned.
    public let reason: String?
    /// Who set it.
    public let by: String
    /// When.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        id: BaselineID,
        model: Name,
        channel: Name? = nil,
        how: DriftBaselineSet.How,
        window: DriftWindow,
        release: Int? = nil,
        referenceModel: Digest? = nil,
        reference: Digest,
        reason: String? = nil,
        by: String,
        at: Timestamp
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.how = how
        self.window = window
        self.release = release
        self.referenceModel = referenceModel
        self.reference = reference
        self.reason = reason
        self.by = by
        self.at = at
    }
}
