public import RegistryTypes

/// Makes a window the reference of a model.
public struct BaselineRequest: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel; nil means production.
    public let channel: Name?
    /// The window's start.
    public let since: Timestamp
    /// The window's end.
    public let until: Timestamp
    /// Why.
    public let reason: String?

    /// Makes the value from its fields.
    public init(model: Name, channel: Name? = nil, since: Timestamp, until: Timestamp, reason: String? = nil) {
        self.model = model
        self.channel = channel
        self.since = since
        self.until = until
        self.reason = reason
    }
}
