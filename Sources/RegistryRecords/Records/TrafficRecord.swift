public import Digests
public import RegistryTypes

/// A frozen set of requests.
public struct TrafficRecord: Hashable, Sendable, Codable {
    /// The name.
    public let name: Name
    /// The digest of its canonical lines, under which it is stored.
    public let digest: Digest
    /// Its size.
    public let sizeBytes: Int64
    /// How many requests it holds.
    public let requests: Int
    /// How many of them say what should come.
    public let labelled: Int
    /// Which captured requests it was frozen from, in words; nil for a set that was imported.
    public let frozenFrom: String?
    /// Who brought it.
    public let importedBy: String
    /// When.
    public let importedAt: Timestamp

    /// Makes the value from its fields.
    public init(
        name: Name,
        digest: Digest,
        sizeBytes: Int64,
        requests: Int,
        labelled: Int,
        frozenFrom: String? = nil,
        importedBy: String,
        importedAt: Timestamp
    ) {
        self.name = name
        self.digest = digest
        self.sizeBytes = sizeBytes
        self.requests = requests
        self.labelled = labelled
        self.frozenFrom = frozenFrom
        self.importedBy = importedBy
        self.importedAt = importedAt
    }
}
