public import RegistryRecords
public import RegistryTypes

/// Who the caller is.
public struct WhoAmI: Hashable, Sendable, Codable {
    /// The key's name; nil without a key.
    public let name: Name?
    /// What it may do; nil without a key.
    public let role: Role?
    /// The build of the server.
    public let build: String

    /// Makes the value from its fields.
    public init(name: Name? = nil, role: Role? = nil, build: String) {
        self.name = name
        self.role = role
        self.build = build
    }
}

/// Asks for a new key.
public struct KeyRequest: Hashable, Sendable, Codable {
    /// Its name.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// What is kept of its requests; nil means their metadata.
    public let capture: CapturePolicy?
    /// Milliseconds that its requests may take unless they say otherwise; nil for what the release and the server say.
    public let deadlineMilliseconds: Int?

    /// Makes the value from its fields.
    public init(name: Name, role: Role, capture: CapturePolicy? = nil, deadlineMilliseconds: Int? = nil) {
        self.name = name
        self.role = role
        self.capture = capture
        self.deadlineMilliseconds = deadlineMilliseconds
    }
}

/// A new key with its token, which is shown this once.
public struct KeyAnswer: Hashable, Sendable, Codable {
    /// The key.
    public let key: KeyRecord
    /// The secret to send as a bearer token.
    public let token: String
    /// What of it does not hold at this server; nil when all does.
    public let note: String?

    /// Makes the value from its fields.
    public init(key: KeyRecord, token: String, note: String? = nil) {
        self.key = key
        self.token = token
        self.note = note
    }
}

/// A key that was revoked: the key itself, and what is to be said of it.
public struct RevokedKey: Hashable, Sendable, Codable {
    /// The key.
    public let key: KeyRecord
    /// That it had been revoked before, so that nothing was stored; nil where it was revoked now.
    public let note: String?

    private enum CodingKeys: String, CodingKey { case note }

    /// Makes the value from its fields.
    public init(key: KeyRecord, note: String? = nil) {
        self.key = key
        self.note = note
    }

    public init(from decoder: any Decoder) throws {
        key = try KeyRecord(from: decoder)
        note = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .note)
    }

    public func encode(to encoder: any Encoder) throws {
        try key.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(note, forKey: .note)
    }
}

/// A link that logs a browser in once.
public struct LoginLink: Hashable, Sendable, Codable {
    /// The address; it works once.
    public let url: String
    /// How long it works.
    public let expiresInSeconds: Int

    /// Makes the value from its fields.
    public init(url: String, expiresInSeconds: Int) {
        self.url = url
        self.expiresInSeconds = expiresInSeconds
    }
}
