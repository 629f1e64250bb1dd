public import RegistryTypes

/// One request in a list.
public struct RequestRow: Hashable, Sendable, Codable {
    /// What is known of it.
    public let record: RequestRecord
    /// Whether the newest label says the answer was right; nil when nobody said.
    public let isCorrect: Bool?
    /// The newest thumb; nil when none was given.
    public let isLiked: Bool?

    /// Makes the value from its fields.
    public init(record: RequestRecord, isCorrect: Bool? = nil, isLiked: Bool? = nil) {
        self.record = record
        self.isCorrect = isCorrect
        self.isLiked = isLiked
    }
}
