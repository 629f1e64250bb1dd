public import Digests
public import RegistryTypes
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

/// Which policy decided, by name, revision and digest.
public struct PolicyReference: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name.
    public let name: Name
    /// Counts the applied changes, from 1 on.
    public let revision: Int
    /// The digest of the canonical form.
    public let digest: Digest

    /// A reference to `policy`.
    public init(_ policy: PolicyRevision) {
        name = policy.document.name
        revision = policy.revision
        digest = policy.digest
    }

    /// `production rev 5`.
    public var description: String { "\(name) rev \(revision)" }
}
