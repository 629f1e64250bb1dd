public import Digests
public import RegistryTypes

/// A key was made.
public struct KeyCreated: Hashable, Sendable, Codable {
    /// The key.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// The SHA-256 of its token; the token itself is kept nowhere.
    public let tokenHash: Digest
    /// What is kept of its requests; nil in entries from before requests were captured, which means metadata.
    public let capture: CapturePolicy?

    /// Makes the value from its fields.
    public init(name: Name, role: Role, tokenHash: Digest, capture: CapturePolicy? = nil) {
        self.name = name
        self.role = role
        self.tokenHash = tokenHash
        self.capture = capture
    }
}
