public import Digests
public import RegistryTypes
public import UserDocuments

/// A policy or canary document took effect.
public struct DocumentApplied: EventBody {
    public static let kind = "document.applied"

    /// What it is.
    public let kind: DocumentKind
    /// Its name.
    public let name: Name
    /// Counts the changes of this document.
    public let revision: Int
    /// The digest of its canonical form.
    public let digest: Digest
    /// The text as applied.
    public let source: String
    /// Whether it came with the binary.
    public let shipped: Bool

    public var subject: String { "\(kind.rawValue):\(name)" }

    /// Makes the value from its fields.
    public init(kind: DocumentKind, name: Name, revision: Int, digest: Digest, source: String, shipped: Bool) {
        self.kind = kind
        self.name = name
        self.revision = revision
        self.digest = digest
        self.source = source
        self.shipped = shipped
    }
}

/// A document as applied.
public struct DocumentRecord: EventRecord, Codable {
    /// The event that made it.
    public let event: DocumentApplied
    /// Who applied it.
    public let appliedBy: String
    /// When.
    public let appliedAt: Timestamp

    /// Makes the value from its event and what belongs to it.
    public init(
        _ event: DocumentApplied,
        appliedBy: String,
        appliedAt: Timestamp
    ) {
        self.event = event
        self.appliedBy = appliedBy
        self.appliedAt = appliedAt
    }

    private enum CodingKeys: String, CodingKey { case appliedBy, appliedAt }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try DocumentApplied(from: decoder)
        appliedBy = try own.decode(String.self, forKey: .appliedBy)
        appliedAt = try own.decode(Timestamp.self, forKey: .appliedAt)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(appliedBy, forKey: .appliedBy)
        try own.encode(appliedAt, forKey: .appliedAt)
    }
}
