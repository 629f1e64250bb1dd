public import RegistryTypes

/// A release may not be promoted again without new evidence.
public struct ReleaseRejected: Hashable, Sendable, Codable {
    /// The release.
    public let id: ReleaseID
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(id: ReleaseID, reason: String) {
        self.id = id
        self.reason = reason
    }
}
