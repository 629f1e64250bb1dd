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

/// A release may not be promoted again to a channel without new evidence.
public struct ReleaseRejected: EventBody {
    public static let kind = "release.rejected"

    /// The release.
    public let id: ReleaseID
    /// The channel it was taken back from; nil in logs of builds that did not say.
    public let channel: Name?
    /// Why.
    public let reason: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: ReleaseID, channel: Name? = nil, reason: String) {
        self.id = id
        self.channel = channel
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

/// That a release was taken back from a channel and needs new evidence before it may go there again. It ends with the
/// promotion that the evidence allows, or when the release settled there after all.
public struct ReleaseRejection: Hashable, Sendable, Codable {
    /// The channel; nil for every channel.
    public let channel: Name?
    /// Why.
    public let reason: String
    /// When.
    public let at: Timestamp
    /// The event: evidence that the log holds after it is new.
    public let seq: Int

    /// Makes the value from its fields.
    public init(channel: Name?, reason: String, at: Timestamp, seq: Int) {
        self.channel = channel
        self.reason = reason
        self.at = at
        self.seq = seq
    }

    /// Whether it stands in the way of a promotion to `channel`.
    public func holds(in channel: Name) -> Bool { self.channel == nil || self.channel == channel }
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
    /// The channels it was taken back from and needs new evidence for, oldest first. None of a channel where it is live:
    /// what is live there is not rejected there.
    public let rejections: [ReleaseRejection]

    /// Why it may not be promoted again without new evidence, where it was rejected last; nil when it may.
    public var rejected: String? { rejections.last?.reason }
    /// When it was rejected last.
    public var rejectedAt: Timestamp? { rejections.last?.at }

    /// Makes the value from its event and what belongs to it.
    public init(
        _ event: ReleaseCreated,
        digest: Digest,
        createdBy: String,
        createdAt: Timestamp,
        rejections: [ReleaseRejection] = []
    ) {
        self.event = event
        self.digest = digest
        self.createdBy = createdBy
        self.createdAt = createdAt
        self.rejections = rejections
    }

    private enum CodingKeys: String, CodingKey { case digest, createdBy, createdAt, rejected, rejectedAt, rejections }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try ReleaseCreated(from: decoder)
        digest = try own.decode(Digest.self, forKey: .digest)
        createdBy = try own.decode(String.self, forKey: .createdBy)
        createdAt = try own.decode(Timestamp.self, forKey: .createdAt)
        rejections = try own.decodeIfPresent([ReleaseRejection].self, forKey: .rejections) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(digest, forKey: .digest)
        try own.encode(createdBy, forKey: .createdBy)
        try own.encode(createdAt, forKey: .createdAt)
        try own.encodeIfPresent(rejected, forKey: .rejected)
        try own.encodeIfPresent(rejectedAt, forKey: .rejectedAt)
        if !rejections.isEmpty { try own.encode(rejections, forKey: .rejections) }
    }

    /// Why it may not go to `channel` again without new evidence; nil when it may.
    public func rejection(in channel: Name) -> ReleaseRejection? { rejections.last { $0.holds(in: channel) } }

    /// The version of the model it ships.
    public var version: VersionID { VersionID(event.id.model, event.content.version) }
}
