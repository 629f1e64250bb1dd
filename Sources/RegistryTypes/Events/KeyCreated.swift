public import Digests

/// A key was made.
public struct KeyCreated: Hashable, Sendable, Codable {
    /// The key.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// The SHA-256 of its token; the token itself is kept nowhere.
    public let tokenHash: Digest

    /// Makes the value from its fields.
    public init(name: Name, role: Role, tokenHash: Digest) {
        self.name = name
        self.role = role
        self.tokenHash = tokenHash
    }
}
