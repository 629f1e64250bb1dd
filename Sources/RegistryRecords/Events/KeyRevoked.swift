public import RegistryTypes

/// A key stopped working.
public struct KeyRevoked: Hashable, Sendable, Codable {
    /// The key.
    public let name: Name

    /// Makes the value from its fields.
    public init(name: Name) {
        self.name = name
    }
}
