public import Digests
public import RegistryTypes

/// A version, a prompt and settings were pinned together.
public struct ReleaseCreated: EventBody {
    public static let kind = "release.created"

    /// The release.
    public let id: ReleaseID
    /// What it pins.
    public let content: ReleaseContent

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: ReleaseID, content: ReleaseContent) {
        self.id = id
        self.content = content
    }
}

/// A release may not be promoted again without new evidence.
public struct ReleaseRejected: EventBody {
    public static let kind = "release.rejected"

    /// The release.
    public let id: ReleaseID
    /// Why.
    public let reason: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: ReleaseID, reason: String) {
        self.id = id
        self.reason = reason
    }
}

/// The server process ended while it ran a release, as the marker on disk says.
public struct ReleaseCrashed: EventBody {
    public static let kind = "release.died"

    /// The release.
    public let id: ReleaseID
    /// The rollout that watches it; nil for none.
    public let rollout: RolloutID?
    /// What is known of it.
    public let why: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: ReleaseID,
        rollout: RolloutID? = nil,
        why: String
    ) {
        self.id = id
        self.rollout = rollout
        self.why = why
    }
}

/// A release of a model.
public struct ReleaseRecord: EventRecord, Codable {
    /// The event that made it.
    public let event: ReleaseCreated
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

    /// Makes the value from its event and what belongs to it.
    public init(
        _ event: ReleaseCreated,
        digest: Digest,
        createdBy: String,
        createdAt: Timestamp,
        rejected: String? = nil,
        rejectedAt: Timestamp? = nil
    ) {
        self.event = event
        self.digest = digest
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.rejected = rejected
        self.rejectedAt = rejectedAt
    }

    private enum CodingKeys: String, CodingKey { case digest, createdBy, createdAt, rejected, rejectedAt }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try ReleaseCreated(from: decoder)
        digest = try own.decode(Digest.self, forKey: .digest)
        createdBy = try own.decode(String.self, forKey: .createdBy)
        createdAt = try own.decode(Timestamp.self, forKey: .createdAt)
        rejected = try own.decodeIfPresent(String.self, forKey: .rejected)
        rejectedAt = try own.decodeIfPresent(Timestamp.self, forKey: .rejectedAt)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(digest, forKey: .digest)
        try own.encode(createdBy, forKey: .createdBy)
        try own.encode(createdAt, forKey: .createdAt)
        try own.encodeIfPresent(rejected, forKey: .rejected)
        try own.encodeIfPresent(rejectedAt, forKey: .rejectedAt)
    }

    /// The version of the model it ships.
    public var version: VersionID { VersionID(event.id.model, event.content.version) }
}
