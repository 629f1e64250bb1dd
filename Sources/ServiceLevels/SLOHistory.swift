import RegistryRecords
public import RegistryTypes
public import UserDocuments

/// The past of an SLO within its window, from its stored buckets: what its page and its verb show.
public struct SLOHistory: Equatable, Sendable {
    /// One stretch of the window.
    public struct Point: Equatable, Sendable {
        /// Its start.
        public let start: Timestamp
        /// Its length, in seconds.
        public let seconds: Int
        /// Its events.
        public let counts: SLICounts
        /// The share of the budget that was left at its end, of the whole window before it; nil where it is unknown.
        public let budgetLeft: Double?
    }

    /// The events that one release answered for one reason.
    public struct Release: Equatable, Sendable {
        /// The number of the release.
        public let release: Int
        /// Why it answered.
        public let arm: TrafficArm
        /// Its events within the window.
        public let counts: SLICounts
    }

    /// The most stretches that the window is cut into.
    public static let maxPoints = 60

    /// The window in equal stretches, oldest first; none without events. The last one holds the bucket that is being
    /// filled, so that its budget is what ``ServiceLevel`` says at the same moment.
    public let points: [Point]
    /// Who answered the events of the window, the newest release first.
    public let releases: [Release]

    /// From where on buckets are needed, in seconds since 1970: the oldest stretch tells the budget of the window
    /// before it too.
    public static func firstNeeded(for document: SLODocument, now: Int64) -> Int64 {
        now - 2 * Int64(document.windowSeconds)
    }

    /// The history at `now`, in seconds since 1970.
    ///
    /// - Parameter stored: The buckets of the SLO by series, in any order, from ``firstNeeded(for:now:)`` on.
    public init(of document: SLODocument, stored: [SLISeries: [SLIBucket]], now: Int64) {
        let window = Int64(document.windowSeconds)
        points = Self.points(document, stored.flatMap(\.value).sorted { $0.start < $1.start }, now: now)
        releases = stored.compactMap { series, buckets in
            let counts = buckets.lazy.filter { $0.start > now - window }.reduce(SLICounts.zero) { $0 + $1.counts }
            guard counts.valid > 0 else { return nil }
            return Release(release: series.release, arm: series.arm, counts: counts)
        }
        .sorted { ($0.release, $0.arm.rawValue) > ($1.release, $1.arm.rawValue) }
    }

    /// - Parameter buckets: Sorted by their start.
    private static func points(_ document: SLODocument, _ buckets: [SLIBucket], now: Int64) -> [Point] {
        let window = Int64(document.windowSeconds)
        let inside = buckets.first { $0.start > now - window && $0.start <= now }
        guard let first = inside?.start, now < 1 << 40 else { return [] }
        // A young SLO is shown from its first event on, not as a month of nothing.
        let span = min(window, now - first + 1)
        // Older events are kept by the minute only.
        let bucket = Int64(span <= Int64(SLIBucket.fineSpanSeconds) ? SLIBucket.fineSeconds : SLIBucket.coarseSeconds)
        let step = ((span + Int64(maxPoints) - 1) / Int64(maxPoints) + bucket - 1) / bucket * bucket
        let end = (now / bucket + 1) * bucket
        var windows = BurnWindows(windows: [Int(step), document.windowSeconds])
        var rest = buckets.drop { $0.start < 0 }
        return (0..<(span + step - 1) / step).reversed().map { index in
            let stop = end - index * step
            while let next = rest.first, next.start < stop {
                windows.add(next.counts, at: next.start)
                rest.removeFirst()
            }
            windows.advance(to: stop - 1)
            let whole = windows.counts(last: document.windowSeconds) ?? .zero
            return Point(
                start: Timestamp(milliseconds: (stop - step) * 1000),
                seconds: Int(step),
                counts: windows.counts(last: Int(step)) ?? .zero,
                budgetLeft: document.budgetLeft(whole)
            )
        }
    }
}
