public import RegistryRecords
public import RegistryTypes

/// A model in a list.
public struct ModelSummary: Hashable, Sendable, Codable {
    /// The model.
    public let name: Name
    /// Its newest version.
    public let latest: VersionRecord?
    /// How many versions it has.
    public let versions: Int
    /// Where its channels point.
    public let channels: [ChannelRecord]
    /// Its newest canary.
    public let lastCanary: CanaryRecord?

    /// Makes the value from its fields.
    public init(
        name: Name,
        latest: VersionRecord? = nil,
        versions: Int,
        channels: [ChannelRecord],
        lastCanary: CanaryRecord? = nil
    ) {
        self.name = name
        self.latest = latest
        self.versions = versions
        self.channels = channels
        self.lastCanary = lastCanary
    }
}
