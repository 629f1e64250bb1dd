public import RegistryTypes

/// The server will not load a version any more.
public struct VersionQuarantined: Hashable, Sendable, Codable {
    /// The version.
    public let id: VersionID
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(id: VersionID, reason: String) {
        self.id = id
        self.reason = reason
    }
}
