public import RegistryRecords

/// A published version.
public struct PublishAnswer: Hashable, Sendable, Codable {
    /// The version.
    public let version: VersionRecord
    /// False when the same content was published before.
    public let created: Bool
    /// The version before it, to compare sizes.
    public let previous: VersionRecord?

    /// Makes the value from its fields.
    public init(version: VersionRecord, created: Bool, previous: VersionRecord? = nil) {
        self.version = version
        self.created = created
        self.previous = previous
    }
}
