public import Digests
public import RegistryTypes
import UserDocuments

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
