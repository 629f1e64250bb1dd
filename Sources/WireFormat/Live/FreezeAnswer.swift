public import RegistryRecords

/// A traffic set frozen from captured requests.
public struct FreezeAnswer: Hashable, Sendable, Codable {
    /// The set.
    public let record: TrafficRecord
    /// Requests that fitted.
    public let matched: Int
    /// Of those, the ones in the set.
    public let taken: Int
    /// Of those, the ones that say what should come.
    public let labelled: Int
    /// Requests left out, by reason.
    public let skipped: [String: Int]

    /// Makes the value from its fields.
    public init(record: TrafficRecord, matched: Int, taken: Int, labelled: Int, skipped: [String: Int]) {
        self.record = record
        self.matched = matched
        self.taken = taken
        self.labelled = labelled
        self.skipped = skipped
    }
}
