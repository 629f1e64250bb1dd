import DequeModule
import RegistryRecords
public import RegistryTypes
public import UserDocuments

/// The events of one SLO in every window its alerts look at, ready at any moment.
///
/// Windows up to two hours are made of buckets of 10 seconds, longer ones of minutes; the bucket that is being filled
/// is part of each. The same buckets, read back from where they were stored, give exactly the same sums. Time never
/// goes back: when the clock does, events are put into the newest bucket.
public struct BurnWindows: Equatable, Sendable {
    /// The windows in seconds, from the shortest on.
    public let windows: [Int]
    /// The newest second that was seen; nil before the first.
    public private(set) var newest: Int64?
    private let fineCount: Int
    private var fine: RollingCounts
    private var coarse: RollingCounts

    /// The last second that is believed: beyond it a clock or a file is broken (the year 36812).
    private static let lastSecond: Int64 = 1 << 40

    /// Empty windows.
    ///
    /// - Parameter windows: Lengths in seconds. Those up to two hours are rounded up to 10 seconds, others to minutes.
    public init(windows: [Int]) {
        let span = SLIBucket.fineSpanSeconds
        let whole = windows.map(Self.whole)
        self.windows = Set(whole).sorted()
        let fineWindows = self.windows.filter { $0 <= span }
        fineCount = fineWindows.count
        fine = RollingCounts(bucketSeconds: SLIBucket.fineSeconds, windows: fineWindows)
        coarse = RollingCounts(
            bucketSeconds: SLIBucket.coarseSeconds,
            windows: self.windows.filter { $0 > span }
        )
    }

    /// Empty windows for everything `document` looks at.
    public init(_ document: SLODocument) {
        self.init(windows: document.alerting.flatMap { [$0.longSeconds, $0.shortSeconds] } + [document.windowSeconds])
    }

    /// The windows as they were at `now`, from stored buckets in any order; several series may be given together.
    /// Buckets that cannot be, such as some of a wrong length, are left out.
    public init(windows: [Int], buckets: some Sequence<SLIBucket>, now: Int64) {
        self.init(windows: windows)
        restore(buckets, now: now)
    }

    /// The windows of `document` as they were at `now`, from stored buckets in any order.
    public init(_ document: SLODocument, buckets: some Sequence<SLIBucket>, now: Int64) {
        self.init(document)
        restore(buckets, now: now)
    }

    /// The events of the last `seconds`, one of the lengths that were asked for; nil for another one.
    public func counts(last seconds: Int) -> SLICounts? {
        guard let index = windows.firstIndex(of: Self.whole(seconds)) else { return nil }
        return index < fineCount ? fine.sum(index) : coarse.sum(index - fineCount)
    }

    /// The time between which events came: the starts of the oldest and of the newest bucket with events in the longest
    /// window; nil without events.
    public var span: ClosedRange<Int64>? {
        let buckets = fineCount < windows.count ? coarse.buckets : fine.buckets
        let length = Int64(fineCount < windows.count ? SLIBucket.coarseSeconds : SLIBucket.fineSeconds)
        guard let first = buckets.first, let last = buckets.last else { return nil }
        // The fine buckets know the newest event more exactly, while they last.
        let newest = max(last.slot * length, (fine.buckets.last?.slot ?? 0) * Int64(SLIBucket.fineSeconds))
        return min(first.slot * length, newest)...newest
    }

    /// Until when events were counted: the end of the newest bucket with events, never before the newest of them; nil without
    /// events.
    var dataEnd: Int64? {
        if let last = fine.buckets.last { return (last.slot + 1) * Int64(SLIBucket.fineSeconds) }
        return coarse.buckets.last.map { ($0.slot + 1) * Int64(SLIBucket.coarseSeconds) }
    }

    /// The longest pause between two events of the longest window, in seconds, to the length of a bucket; 0 for none.
    var longestGapSeconds: Double { longest.longestGapSeconds }

    /// The mean time between the last events, in seconds: over their last 20 buckets.
    var recentGapSeconds: Double { longest.recentGapSeconds }

    private var longest: RollingCounts { fineCount < windows.count ? coarse : fine }

    /// By how much a clock may differ from the newest event and be believed, in seconds: beyond it, one of them is wrong.
    public static let believedLeapSeconds: Int64 = 3600

    /// Whether the windows stand so far ahead of `second` that a clock must have run ahead and come back: they would stand
    /// still until it is there again.
    public func isAhead(of second: Int64) -> Bool { (newest ?? second) - second > Self.believedLeapSeconds }

    /// Moves on to `second`, in seconds since 1970; an earlier one changes nothing.
    public mutating func advance(to second: Int64) {
        let second = min(max(second, newest ?? 0), Self.lastSecond)
        newest = second
        fine.advance(to: second)
        coarse.advance(to: second)
    }

    /// Counts an event of `second`.
    ///
    /// - Returns: The start of the fine bucket it was put into, to be stored there: later than `second` when the clock
    ///   went back.
    @discardableResult
    public mutating func add(_ judgement: EventJudgement, at second: Int64) -> Int64 {
        add(judgement.counts, at: second)
    }

    /// Counts events of `second`.
    ///
    /// - Returns: The start of the fine bucket they were put into.
    @discardableResult
    public mutating func add(_ counts: SLICounts, at second: Int64) -> Int64 {
        advance(to: second)
        fine.add(counts)
        coarse.add(counts)
        return SLIBucket.fineStart(newest ?? second)
    }

    /// The length that whole buckets fill, at most 400 days.
    private static func whole(_ seconds: Int) -> Int {
        let seconds = min(max(seconds, 1), 400 * 86_400)
        let step = seconds <= SLIBucket.fineSpanSeconds ? SLIBucket.fineSeconds : SLIBucket.coarseSeconds
        return (seconds + step - 1) / step * step
    }

    private mutating func restore(_ buckets: some Sequence<SLIBucket>, now: Int64) {
        let sound = buckets.filter { bucket in
            (bucket.seconds == SLIBucket.fineSeconds || bucket.seconds == SLIBucket.coarseSeconds)
                && bucket.start >= 0 && bucket.start <= Self.lastSecond && bucket.valid >= 0
                && (0...bucket.valid).contains(bucket.bad)
        }
        for bucket in sound.sorted(by: { $0.start < $1.start }) { add(bucket.counts, at: bucket.start) }
        advance(to: now)
    }
}

/// Running sums over several windows that end now, of buckets of one length. Adding is O(1), moving on costs one step
/// for every bucket that leaves a window; buckets without events are not kept, so a leap of the clock costs no more
/// than what was counted.
struct RollingCounts: Sendable {
    struct Bucket: Hashable, Sendable {
        /// In bucket lengths since 1970.
        let slot: Int64
        var counts: SLICounts
    }

    private struct Window: Sendable {
        /// In bucket lengths.
        let slots: Int64
        /// The index of its first bucket.
        var first = 0
        var sum = SLICounts.zero
    }

    /// The length of a bucket, in seconds.
    let bucketSeconds: Int
    /// The slot of the newest second that was seen.
    private(set) var newest = Int64.min
    private var windows: [Window]
    /// The buckets that the longest window still holds, in order.
    private(set) var buckets: Deque<Bucket> = []
    /// Pauses between two of `buckets`, each longer than all that came after it: the slot at which it ended and how many
    /// slots were empty. The first is the longest.
    private var gaps: Deque<Gap> = []

    private struct Gap: Hashable, Sendable {
        let end: Int64
        let slots: Int64
    }

    /// See ``BurnWindows/longestGapSeconds``.
    var longestGapSeconds: Double { Double((gaps.first?.slots ?? 0) * Int64(bucketSeconds)) }

    /// See ``BurnWindows/recentGapSeconds``.
    var recentGapSeconds: Double {
        let recent = buckets.suffix(20)
        guard let first = recent.first, let last = recent.last else { return 0 }
        let events = recent.reduce(0) { $0 + $1.counts.valid }
        return Double((last.slot - first.slot + 1) * Int64(bucketSeconds)) / Double(max(1, events))
    }

    /// - Parameter windows: Lengths in seconds, multiples of `bucketSeconds`.
    init(bucketSeconds: Int, windows: [Int]) {
        self.bucketSeconds = bucketSeconds
        self.windows = windows.map { Window(slots: Int64($0 / bucketSeconds)) }
    }

    /// The sum over the window at `index`.
    func sum(_ index: Int) -> SLICounts { windows[index].sum }

    /// Moves on to the slot of `second`; never back.
    mutating func advance(to second: Int64) {
        let slot = second / Int64(bucketSeconds)
        guard slot > newest else { return }
        newest = slot
        for index in windows.indices {
            let oldest = slot - windows[index].slots
            while windows[index].first < buckets.count, buckets[windows[index].first].slot <= oldest {
                windows[index].sum = windows[index].sum - buckets[windows[index].first].counts
                windows[index].first += 1
            }
        }
        dropOld()
    }

    /// Adds events to the newest slot; ``advance(to:)`` comes first.
    mutating func add(_ counts: SLICounts) {
        guard counts.valid > 0, !windows.isEmpty else { return }
        if let last = buckets.last, last.slot == newest {
            buckets[buckets.count - 1].counts += counts
        } else {
            if let last = buckets.last { noteGap(Gap(end: newest, slots: newest - last.slot - 1)) }
            buckets.append(Bucket(slot: newest, counts: counts))
        }
        for index in windows.indices { windows[index].sum += counts }
    }

    /// Remembers a pause, and forgets the shorter ones before it: they will never be the longest again.
    private mutating func noteGap(_ gap: Gap) {
        guard gap.slots > 0 else { return }
        while let last = gaps.last, last.slots <= gap.slots { gaps.removeLast() }
        gaps.append(gap)
    }

    /// Forgets what no window holds.
    private mutating func dropOld() {
        let unused = windows.lazy.map(\.first).min() ?? buckets.count
        guard unused > 0 else { return }
        buckets.removeFirst(unused)
        for index in windows.indices { windows[index].first -= unused }
        // A pause is known while the buckets on both of its sides are.
        while let gap = gaps.first, buckets.first.map({ $0.slot >= gap.end }) ?? true { gaps.removeFirst() }
    }
}

extension RollingCounts: Equatable {
    /// Whether every sum is the same now and at every later moment.
    static func == (left: Self, right: Self) -> Bool {
        left.bucketSeconds == right.bucketSeconds && left.newest == right.newest
            && left.windows.map(\.slots) == right.windows.map(\.slots)
            && left.windows.map(\.sum) == right.windows.map(\.sum) && left.buckets == right.buckets
            && left.gaps == right.gaps
    }
}
