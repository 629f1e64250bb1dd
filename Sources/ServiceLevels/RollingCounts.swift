import DequeModule
import RegistryRecords
import RegistryTypes

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
        guard counts.valid > 0 else { return }
        if let last = buckets.last, last.slot == newest {
            buckets[buckets.count - 1].counts += counts
        } else {
            buckets.append(Bucket(slot: newest, counts: counts))
        }
        for index in windows.indices { windows[index].sum += counts }
    }

    /// Forgets what no window holds.
    private mutating func dropOld() {
        let unused = windows.lazy.map(\.first).min() ?? buckets.count
        guard unused > 0 else { return }
        buckets.removeFirst(unused)
        for index in windows.indices { windows[index].first -= unused }
    }
}

extension RollingCounts: Equatable {
    /// Whether every sum is the same now and at every later moment.
    static func == (left: Self, right: Self) -> Bool {
        left.bucketSeconds == right.bucketSeconds && left.newest == right.newest
            && left.windows.map(\.slots) == right.windows.map(\.slots)
            && left.windows.map(\.sum) == right.windows.map(\.sum) && left.buckets == right.buckets
    }
}
