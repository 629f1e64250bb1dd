/// A histogram's counts: how many values lie in each bucket, and their sum.
public struct BucketCounts: Hashable, Sendable {
    /// Values in each bucket, the last one without an upper bound; not cumulative.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0.0

    /// All values.
    public var total: Int { counts.reduce(0, +) }

    /// No values yet, in the buckets of `histogram`.
    init(_ histogram: MetricTable.Histogram) { counts = Array(repeating: 0, count: histogram.bounds.count + 1) }

    /// Counts a value; a value equal to a bound belongs below it.
    mutating func add(_ value: Double, _ histogram: MetricTable.Histogram) {
        counts[histogram.bounds.firstIndex { value <= $0 } ?? histogram.bounds.count] += 1
        sum += value
    }
}
