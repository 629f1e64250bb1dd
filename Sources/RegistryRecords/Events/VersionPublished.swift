public import RegistryTypes
public import UserDocuments

/// A version was stored; no channel moved.
public struct VersionPublished: Hashable, Sendable, Codable {
    /// The version.
    public let id: VersionID
    /// Its files and lineage.
    public let manifest: Manifest
    /// What the publisher said.
    public let message: String?
    /// What the weights say.
    public let facts: ModelFacts?
    /// What happened when it was loaded.
    public let smoke: SmokeResult?
    /// What its card holds.
    public let card: CardSummary?

    /// Makes the value from its fields.
    public init(
        id: VersionID,
        manifest: Manifest,
        message: String? = nil,
        facts: ModelFacts? = nil,
        smoke: SmokeResult? = nil,
        card: CardSummary? = nil
    ) {
        self.id = id
        self.manifest = manifest
        self.message = message
        self.facts = facts
        self.smoke = smoke
        self.card = card
    }
}
