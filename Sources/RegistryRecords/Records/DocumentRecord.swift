public import Digests
public import RegistryTypes
public import UserDocuments

/// A policy or canary document as applied.
public struct DocumentRecord: Hashable, Sendable, Codable {
    /// What it is.
    public let kind: DocumentKind
    /// Its name.
    public let name: Name
    /// Counts the applied changes, from 1 on.
    public let revision: Int
    /// The digest of its canonical form.
    public let digest: Digest
    /// The text as applied.
    public let source: String
    /// Whether it came with the binary.
    public let shipped: Bool
    /// Who applied it.
    public let appliedBy: String
    /// When.
    public let appliedAt: Timestamp

    /// Makes the value from its fields.
    public init(
        kind: DocumentKind,
        name: Name,
        revision: Int,
        digest: Digest,
        source: String,
        shipped: Bool,
        appliedBy: String,
        appliedAt: Timestamp
    ) {
        self.kind = kind
        self.name = name
        self.revision = revision
        self.digest = digest
        self.source = source
        self.shipped = shipped
        self.appliedBy = appliedBy
        self.appliedAt = appliedAt
    }
}
