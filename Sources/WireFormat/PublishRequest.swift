public import RegistryTypes

/// Publishes a version whose blobs are there.
public struct PublishRequest: Hashable, Sendable, Codable {
    /// Its files and lineage.
    public let manifest: Manifest
    /// What the publisher says.
    public let message: String?
    /// The number it must get; another number is a conflict.
    public let expectedVersion: Int?
    /// Check everything, store nothing.
    public let dryRun: Bool?

    /// Makes the value from its fields.
    public init(manifest: Manifest, message: String? = nil, expectedVersion: Int? = nil, dryRun: Bool? = nil) {
        self.manifest = manifest
        self.message = message
        self.expectedVersion = expectedVersion
        self.dryRun = dryRun
    }
}
