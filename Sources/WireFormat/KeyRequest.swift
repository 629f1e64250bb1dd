public import RegistryTypes

/// Asks for a new key.
public struct KeyRequest: Hashable, Sendable, Codable {
    /// Its name.
    public let name: Name
    /// What it may do.
    public let role: Role

    /// Makes the value from its fields.
    public init(name: Name, role: Role) {
        self.name = name
        self.role = role
    }
}
