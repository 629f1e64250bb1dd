public import RegistryRecords

/// A channel that uses a version of a prompt.
public struct PromptUse: Hashable, Sendable, Codable {
    /// The channel.
    public let channel: ChannelRecord
    /// The version of the prompt.
    public let version: Int

    /// Makes the value from its fields.
    public init(channel: ChannelRecord, version: Int) {
        self.channel = channel
        self.version = version
    }
}
