public import RegistryTypes

/// A channel may be promoted to again.
public struct HoldLifted: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// Why, as the person said.
    public let reason: String

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        reason: String
    ) {
        self.model = model
        self.channel = channel
        self.reason = reason
    }
}
