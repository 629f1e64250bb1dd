public import Digests
public import RegistryTypes
public import UserDocuments

/// A version of a prompt.
public struct PromptRecord: Hashable, Sendable, Codable {
    /// The prompt and the number of the version.
    public let id: VersionID
    /// The digest of the canonical document.
    public let digest: Digest
    /// What it says.
    public let document: PromptDocument
    /// What its author said about it.
    public let message: String?
    /// Who pushed it.
    public let pushedBy: String
    /// When.
    public let pushedAt: Timestamp

    /// Makes the value from its fields.
    public init(
        id: VersionID,
        digest: Digest,
        document: PromptDocument,
        message: String? = nil,
        pushedBy: String,
        pushedAt: Timestamp
    ) {
        self.id = id
        self.digest = digest
        self.document = document
        self.message = message
        self.pushedBy = pushedBy
        self.pushedAt = pushedAt
    }
}
