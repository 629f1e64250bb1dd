public import RegistryTypes

/// Asks for two windows to be compared.
public struct DriftRequest: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel; nil means production.
    public let channel: Name?
    /// How long the window is; nil means the newest 24 hours.
    public let windowSeconds: Double?
    /// The end of the window; nil means now.
    public let until: Timestamp?
    /// A reference by its number such as `b-3`; nil means the model's newest.
    public let against: String?

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name? = nil,
        windowSeconds: Double? = nil,
        until: Timestamp? = nil,
        against: String? = nil
    ) {
        self.model = model
        self.channel = channel
        self.windowSeconds = windowSeconds
        self.until = until
        self.against = against
    }
}
