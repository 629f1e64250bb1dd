public import Digests
public import RegistryTypes
public import UserDocuments

/// A version of a model as the registry knows it.
public struct VersionRecord: Hashable, Sendable, Codable {
    /// The version.
    public let id: VersionID
    /// Its files and lineage.
    public let manifest: Manifest
    /// The digest of the manifest.
    public let digest: Digest
    /// What the publisher said about it.
    public let message: String?
    /// What the weights say of themselves; nil when there are none the engine can read.
    public let facts: ModelFacts?
    /// What happened when it was loaded; nil when it holds no weights.
    public let smoke: SmokeResult?
    /// What its card holds; nil without a card.
    public let card: CardSummary?
    /// Who published it.
    public let publishedBy: String
    /// When.
    public let publishedAt: Timestamp
    /// Why the server no longer loads it; nil when it may be loaded.
    public let quarantined: String?

    /// Makes the value from its fields.
    public init(
        id: VersionID,
        manifest: Manifest,
        digest: Digest,
        message: String? = nil,
        facts: ModelFacts? = nil,
        smoke: SmokeResult? = nil,
        card: CardSummary? = nil,
        publishedBy: String,
        publishedAt: Timestamp,
        quarantined: String? = nil
    ) {
        self.id = id
        self.manifest = manifest
        self.digest = digest
        self.message = message
        self.facts = facts
        self.smoke = smoke
        self.card = card
        self.publishedBy = publishedBy
        self.publishedAt = publishedAt
        self.quarantined = quarantined
    }

    /// Whether a release can be made of this version.
    public var isLoadable: Bool { quarantined == nil && manifest.weights != nil && smoke?.passed == true }
}
