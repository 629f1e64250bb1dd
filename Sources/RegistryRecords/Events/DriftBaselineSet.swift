public import Digests
public import RegistryTypes

/// A reference that drift is measured against was frozen, and is the one that counts from now on.
public struct DriftBaselineSet: Hashable, Sendable, Codable {
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
    /// The size of that blob.
    public let referenceSizeBytes: Int64
    /// Why a person chose it; nil when it was learned.
    public let reason: String?

    /// The names under which the first builds stored the members.
    private enum CodingKeys: String, CodingKey {
        case id, model, channel, how, window, release, reference, referenceSizeBytes, reason
        case referenceModel = "yardstick"
    }

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
        referenceSizeBytes: Int64,
        reason: String? = nil
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
    }
}
