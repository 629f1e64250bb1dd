public import RegistryRecords

/// Where a channel points, and what that is.
public struct ChannelView: Hashable, Sendable, Codable {
    /// Where it points.
    public let record: ChannelRecord
    /// The release it points to.
    public let release: ReleaseRecord
    /// Whether the server holds it in memory.
    public let loaded: Bool

    /// Makes the value from its fields.
    public init(record: ChannelRecord, release: ReleaseRecord, loaded: Bool) {
        self.record = record
        self.release = release
        self.loaded = loaded
    }
}
