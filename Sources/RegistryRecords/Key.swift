public import Digests
public import RegistryTypes

/// A key was made.
public struct KeyCreated: EventBody {
    public static let kind = "key.created"
    /// Whoever has it could check guesses of the token.
    public static let secretMembers: Set<String> = ["tokenHash"]

    /// The key.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// The SHA-256 of its token; the token itself is kept nowhere.
    public let tokenHash: Digest
    /// What is kept of its requests; nil in entries from before requests were captured, which means metadata.
    public let capture: CapturePolicy?
    /// Milliseconds that its requests may take unless they say otherwise; nil for what the release and the server say.
    public let deadlineMilliseconds: Int?

    public var subject: String { name.text }

    /// Makes the value from its fields.
    public init(
        name: Name,
        role: Role,
        tokenHash: Digest,
        capture: CapturePolicy? = nil,
        deadlineMilliseconds: Int? = nil
    ) {
        self.name = name
        self.role = role
        self.tokenHash = tokenHash
        self.capture = capture
        self.deadlineMilliseconds = deadlineMilliseconds
    }
}

/// A key stopped working.
public struct KeyRevoked: EventBody {
    public static let kind = "key.revoked"

    /// The key.
    public let name: Name

    public var subject: String { name.text }

    /// Makes the value from its fields.
    public init(name: Name) {
        self.name = name
    }
}

/// A key, without its secret: it does not hold its event, which has the hash of the token.
public struct KeyRecord: Hashable, Sendable, Codable {
    /// The name, which is also who acts.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// What is kept of its requests.
    public let capture: CapturePolicy
    /// Milliseconds that its requests may take unless they say otherwise; nil for what the release and the server say.
    public let deadlineMilliseconds: Int?
    /// When it was made.
    public let createdAt: Timestamp
    /// Who made it.
    public let createdBy: String
    /// When it was revoked; nil while it works.
    public let revokedAt: Timestamp?

    /// Makes the value from its fields.
    public init(
        name: Name,
        role: Role,
        capture: CapturePolicy = .metadata,
        deadlineMilliseconds: Int? = nil,
        createdAt: Timestamp,
        createdBy: String,
        revokedAt: Timestamp? = nil
    ) {
        self.name = name
        self.role = role
        self.capture = capture
        self.deadlineMilliseconds = deadlineMilliseconds
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.revokedAt = revokedAt
    }
}
