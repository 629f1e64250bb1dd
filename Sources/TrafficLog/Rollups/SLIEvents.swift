import RegistryRecords
public import RegistryTypes

/// The events of one series within one bucket.
public struct SLIEvents: Hashable, Sendable {
    /// What the events count for.
    public let series: SLISeries
    /// When they were, and how many.
    public let bucket: SLIBucket

    /// Events of `series`.
    public init(_ series: SLISeries, _ bucket: SLIBucket) {
        self.series = series
        self.bucket = bucket
    }
}
