public import RegistryRecords
public import RegistryTypes

/// All about a traffic set.
public struct TrafficView: Hashable, Sendable, Codable {
    /// The set.
    public let record: TrafficRecord
    /// How often each tag occurs, most frequent first, at most 50.
    public let tags: [TagCount]
    /// The first requests, at most 10.
    public let sample: [TrafficRequest]
    /// The canaries that used it, newest first, at most 20.
    public let usedBy: [CanaryRecord]

    /// Makes the value from its fields.
    public init(record: TrafficRecord, tags: [TagCount], sample: [TrafficRequest], usedBy: [CanaryRecord]) {
        self.record = record
        self.tags = tags
        self.sample = sample
        self.usedBy = usedBy
    }
}
