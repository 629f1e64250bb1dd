public import RegistryTypes

/// Asks what the policy of a channel says of a release.
public struct ExplainRequest: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseChoice
    /// The channel.
    public let channel: Name

    /// Makes the value from its fields.
    public init(release: ReleaseChoice, channel: Name) {
        self.release = release
        self.channel = channel
    }
}
