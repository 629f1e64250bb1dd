public import RegistryTypes

/// A channel that uses a version of a prompt.
public struct PromptUse: Hashable, Sendable, Codable {
    /// The channel.
    public let channel: ChannelRecord
    /// The version of the prompt.
    public let version: Int

    /// A channel that uses a version of a prompt, with all its fields.
    public init(channel: ChannelRecord, version: Int) {
        self.channel = channel
        self.version = version
    }
}
