public import Digests
public import UserDocuments

/// A policy as it was in force: its document and which one of its revisions.
public struct PolicyRevision: Hashable, Sendable, Codable {
    /// The document.
    public let document: PolicyDocument
    /// Counts the applied changes, from 1 on.
    public let revision: Int
    /// The digest of the canonical form.
    public let digest: Digest

    /// The revision of a policy.
    public init(document: PolicyDocument, revision: Int, digest: Digest) {
        self.document = document
        self.revision = revision
        self.digest = digest
    }
}
