public import RegistryTypes

/// Asks for captured requests to be frozen as a traffic set.
public struct FreezeRequest: Hashable, Sendable, Codable {
    /// Only this model's; nil when the log holds one model only.
    public let model: Name?
    /// Not before.
    public let since: Timestamp?
    /// Before.
    public let until: Timestamp?
    /// Only requests with these values: `release`, `arm`, `outcome`, `key`, `labelled` (`yes`, `no`), `correct` (`yes`, `no`), `valid` (`yes`, `no`).
    public let filter: [String: String]
    /// At most so many, drawn by `seed`.
    public let sample: Int?
    /// Which sample; nil means 0.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(
        model: Name? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        filter: [String: String],
        sample: Int? = nil,
        seed: UInt64? = nil
    ) {
        self.model = model
        self.since = since
        self.until = until
        self.filter = filter
        self.sample = sample
        self.seed = seed
    }
}
