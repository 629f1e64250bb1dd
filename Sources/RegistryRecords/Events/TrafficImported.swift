public import Digests
public import RegistryTypes

/// A set of requests was frozen.
public struct TrafficImported: Hashable, Sendable, Codable {
    /// The name.
    public let name: Name
    /// The digest of its canonical lines.
    public let digest: Digest
    /// Its size.
    public let sizeBytes: Int64
    /// How many requests it holds.
    public let requests: Int
    /// How many say what should come.
    public let labelled: Int
    /// Which captured requests it was frozen from, in words; nil for a set that was imported.
    public let frozenFrom: String?

    /// Makes the value from its fields.
    public init(name: Name, digest: Digest, sizeBytes: Int64, requests: Int, labelled: Int, frozenFrom: String? = nil) {
        self.name = name
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.requests = requests
        self.labelled = labelled
        self.frozenFrom = frozenFrom
    }
}
