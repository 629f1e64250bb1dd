public import RegistryTypes

/// Asks for a new key.
public struct KeyRequest: Hashable, Sendable, Codable {
    /// Its name.
    public let name: Name
    /// What it may do.
    public let role: Role
    /// What is kept of its requests; nil means their metadata.
    public let capture: CapturePolicy?

    /// Makes the value from its fields.
    public init(name: Name, role: Role, capture: CapturePolicy? = nil) {
        self.name = name
        self.role = role
        self.capture = capture
    }
}
