public import Digests
public import RegistryTypes
public import UserDocuments

/// A version of a prompt was stored; no channel moved.
public struct PromptPushed: EventBody {
    public static let kind = "prompt.pushed"

    /// The prompt and the number.
    public let id: VersionID
    /// What it says.
    public let document: PromptDocument
    /// What its author said.
    public let message: String?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: VersionID, document: PromptDocument, message: String? = nil) {
        self.id = id
        self.document = document
        self.message = message
    }
}

/// A version of a prompt.
public struct PromptRecord: EventRecord, Codable {
    /// The event that made it.
    public let event: PromptPushed
    /// The digest of the canonical document.
    public let digest: Digest
    /// Who pushed it.
    public let pushedBy: String
    /// When.
    public let pushedAt: Timestamp

    /// Makes the value from its event and what belongs to it.
    public init(
        _ event: PromptPushed,
        digest: Digest,
        pushedBy: String,
        pushedAt: Timestamp
    ) {
        self.event = event
        self.digest = digest
        self.pushedBy = pushedBy
        self.pushedAt = pushedAt
    }

    private enum CodingKeys: String, CodingKey { case digest, pushedBy, pushedAt }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try PromptPushed(from: decoder)
        digest = try own.decode(Digest.self, forKey: .digest)
        pushedBy = try own.decode(String.self, forKey: .pushedBy)
        pushedAt = try own.decode(Timestamp.self, forKey: .pushedAt)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(digest, forKey: .digest)
        try own.encode(pushedBy, forKey: .pushedBy)
        try own.encode(pushedAt, forKey: .pushedAt)
    }
}
