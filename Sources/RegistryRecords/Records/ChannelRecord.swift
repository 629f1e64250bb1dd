public import RegistryTypes

/// Where a channel points.
public struct ChannelRecord: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The number of the release it points to.
    public let release: Int
    /// The move that brought it there.
    public let move: ChannelMove
    /// The last settled release, to which a rollback goes; nil when there is none.
    public let rollbackTo: Int?

    /// Makes the value from its fields.
    public init(model: Name, channel: Name, release: Int, move: ChannelMove, rollbackTo: Int? = nil) {
        self.model = model
        self.channel = channel
        self.release = release
        self.move = move
        self.rollbackTo = rollbackTo
    }
}
