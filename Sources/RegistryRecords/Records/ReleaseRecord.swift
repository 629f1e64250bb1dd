public import Digests
public import RegistryTypes

/// A release of a model.
public struct ReleaseRecord: Hashable, Sendable, Codable {
    /// The release.
    public let id: ReleaseID
    /// What it pins.
    public let content: ReleaseContent
    /// The digest of the content.
    public let digest: Digest
    /// Who made it first.
    public let createdBy: String
    /// When.
    public let createdAt: Timestamp
    /// Why it may not be promoted again without new evidence; nil when it may.
    public let rejected: String?
    /// When it was rejected.
    public let rejectedAt: Timestamp?

    /// Makes the value from its fields.
    public init(
        id: ReleaseID,
        content: ReleaseContent,
        digest: Digest,
        createdBy: String,
        createdAt: Timestamp,
        rejected: String? = nil,
        rejectedAt: Timestamp? = nil
    ) {
        self.id = id
        self.content = content
        self.digest = digest
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.rejected = rejected
        self.rejectedAt = rejectedAt
    }

    /// The version of the model it ships.
    public var version: VersionID { VersionID(id.model, content.version) }
}
