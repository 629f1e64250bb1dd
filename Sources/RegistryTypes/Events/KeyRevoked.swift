/// A key stopped working.
public struct KeyRevoked: Hashable, Sendable, Codable {
    /// The key.
    public let name: Name

    /// A key stopped working, with all its fields.
    public init(name: Name) {
        self.name = name
    }
}
