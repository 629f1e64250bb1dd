public import Digests

/// What a drift report was made from: enough to make it again.
public struct DriftSource: Hashable, Sendable, Codable {
    /// The digest of the frozen reference.
    public let baseline: Digest
    /// The digest of the window's summary.
    public let window: Digest
    /// The reference model that scored the prompts; nil when none did.
    public let referenceModel: Digest?
    /// The seed of the random features; nil without embeddings.
    public let featureSeed: UInt64?
    /// The version of the fixed bins that the summaries count in.
    public let scale: Int

    /// The names under which the first builds stored the members.
    private enum CodingKeys: String, CodingKey {
        case baseline, window, featureSeed, scale
        case referenceModel = "yardstick"
    }

    /// Makes the value from its fields.
    public init(
        baseline: Digest,
        window: Digest,
        referenceModel: Digest? = nil,
        featureSeed: UInt64? = nil,
        scale: Int
    ) {
        self.baseline = baseline
        self.window = window
        self.referenceModel = referenceModel
        self.featureSeed = featureSeed
        self.scale = scale
    }
}
