/// Why something is done.
public struct ReasonRequest: Hashable, Sendable, Codable {
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(reason: String) {
        self.reason = reason
    }
}
