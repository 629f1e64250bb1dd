public import RegistryTypes

/// A key, without its secret.
public struct KeyRecord: Hashable, Sendable, Codable {
    /// The name, which is also who acts.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// What is kept of its requests.
    public let capture: CapturePolicy
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
        createdAt: Timestamp,
        createdBy: String,
        revokedAt: Timestamp? = nil
    ) {
        self.name = name
        self.role = role
        self.capture = capture
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.revokedAt = revokedAt
    }
}
