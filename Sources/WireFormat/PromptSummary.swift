public import RegistryRecords
public import RegistryTypes

/// A prompt in a list.
public struct PromptSummary: Hashable, Sendable, Codable {
    /// The prompt.
    public let name: Name
    /// Its newest version.
    public let latest: PromptRecord
    /// How many versions it has.
    public let versions: Int
    /// The channels whose release uses it.
    public let usedBy: [ChannelRecord]

    /// Makes the value from its fields.
    public init(name: Name, latest: PromptRecord, versions: Int, usedBy: [ChannelRecord]) {
        self.name = name
        self.latest = latest
        self.versions = versions
        self.usedBy = usedBy
    }
}
