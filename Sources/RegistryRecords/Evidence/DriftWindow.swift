public import RegistryTypes

/// A stretch of time whose requests are summarised together.
public struct DriftWindow: Hashable, Sendable, Codable {
    /// Its start, included.
    public let from: Timestamp
    /// Its end, excluded.
    public let to: Timestamp
    /// Requests in it.
    public let requests: Int

    /// Makes the value from its fields.
    public init(
        from: Timestamp,
        to: Timestamp,
        requests: Int
    ) {
        self.from = from
        self.to = to
        self.requests = requests
    }
}
