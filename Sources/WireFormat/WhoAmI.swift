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
