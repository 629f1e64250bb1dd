import RegistryTypes
import Statistics
public import UserDocuments
import Wording

/// The events of single keys in the short windows of the alerts that page, and in the whole window, to tell whether an alert
/// or a spent budget is of one key that the others contradict. Bounded as ``CallerWindows/maxCallers`` says: the keys with the most bad events are known apart (by
/// the counters of Metwally et al., 2005), the others together. The short windows are made of the same buckets as
/// those of the level, so that what is left without a key is exact; the whole one of a sixtieth of its length each.
struct CallerWindows: Sendable {
    private struct Caller: Sendable {
        var windows: BurnWindows
        var whole: RollingCounts
        /// Its bad events, with those of keys whose place it took.
        var rank = 0
    }

    /// Keys that are known apart.
    static let maxCallers = 32

    private var callers: [Name: Caller] = [:]
    /// The events of all keys, and of none, in the same windows.
    private var all: BurnWindows
    /// Whether anything is counted here: whose labels count is told elsewhere.
    private let isUsed: Bool
    /// The short windows of the alerts that page.
    private let lengths: [Int]
    private let wholeSeconds: Int
    private let stretchSeconds: Int

    /// - Parameters:
    ///   - buckets: What is stored of all together, in any order.
    ///   - callers: What is stored of each key, in any order.
    init(
        _ document: SLODocument,
        buckets: some Collection<SLIBucket>,
        callers stored: [Name: [SLIBucket]] = [:],
        now: Int64
    ) {
        isUsed = !document.indicator.isSampled
        let short = document.alerting.filter { $0.severity == .page }.map(\.shortSeconds)
        lengths = Set(short + short.map { 2 * $0 }).sorted()
        stretchSeconds = ServiceLevel.stretchSeconds(of: document)
        wholeSeconds = max(stretchSeconds, document.windowSeconds / stretchSeconds * stretchSeconds)
        let oldest = now - Int64((lengths.last ?? 0) + SLIBucket.coarseSeconds)
        all = BurnWindows(windows: lengths)
        guard isUsed else { return }
        all = BurnWindows(windows: lengths, buckets: buckets.filter { $0.start > oldest }, now: now)
        let sound = stored.mapValues { some in
            some.filter { $0.start >= 0 && $0.start <= now && $0.seconds > 0 }.sorted { $0.start < $1.start }
        }
        for (key, some) in sound.sorted(by: { $0.key < $1.key }) {
            for bucket in some where bucket.seconds == stretchSeconds {
                use(key, bad: bucket.counts.bad) {
                    $0.whole.advance(to: bucket.start)
                    $0.whole.add(bucket.counts)
                }
            }
        }
        for (key, some) in sound.sorted(by: { $0.key < $1.key }) {
            for bucket in some where bucket.seconds == SLIBucket.fineSeconds && bucket.start > oldest {
                use(key, bad: 0) { $0.windows.add(bucket.counts, at: bucket.start) }
            }
        }
    }

    /// Counts events of a key; of nobody's where there is none.
    mutating func add(_ counts: SLICounts, of key: Name?, at second: Int64) {
        guard isUsed, counts.valid > 0 else { return }
        all.add(counts, at: second)
        guard let key else { return }
        use(key, bad: counts.bad) {
            $0.windows.add(counts, at: second)
            $0.whole.advance(to: second)
            $0.whole.add(counts)
        }
    }

    /// Changes what is known of a key, where there is room for it.
    private mutating func use(_ key: Name, bad: Int, _ change: (inout Caller) -> Void) {
        if callers[key] == nil {
            let whole = RollingCounts(bucketSeconds: stretchSeconds, windows: [wholeSeconds])
            if callers.count >= Self.maxCallers {
                // The key that is least bad gives way to one that is bad; the rest is known together.
                let last = callers.min { ($0.value.rank, $0.key) < ($1.value.rank, $1.key) }
                guard bad > 0, let last else { return }
                callers[last.key] = nil
                callers[key] = Caller(
                    windows: BurnWindows(windows: lengths),
                    whole: whole,
                    rank: last.value.rank
                )
            } else {
                callers[key] = Caller(windows: BurnWindows(windows: lengths), whole: whole)
            }
        }
        guard var caller = callers.removeValue(forKey: key) else { return }
        caller.rank += bad
        change(&caller)
        callers[key] = caller
    }

    /// Moves on; keys without an event in any window are forgotten.
    mutating func advance(to second: Int64) {
        all.advance(to: second)
        for key in callers.keys {
            callers[key]?.windows.advance(to: second)
            callers[key]?.whole.advance(to: second)
            if callers[key]?.windows.span == nil, callers[key]?.whole.sum(0).valid == 0 { callers[key] = nil }
        }
    }

    /// The keys that the others contradict in twice a short window, so that its end is not another matter than its beginning,
    /// and what is left of the short one without them; nil for none.
    func odd(_ seconds: Int) -> (keys: OddKeys, left: SLICounts)? {
        guard let total = all.counts(last: 2 * seconds),
            let found = odd(callers.compactMapValues { $0.windows.counts(last: 2 * seconds) }, of: total)
        else { return nil }
        let left = found.keys.keys.compactMap { callers[$0]?.windows.counts(last: seconds) }
            .reduce(all.counts(last: seconds) ?? .zero) { $0 - $1 }
        return (found.keys, left)
    }

    /// Whether the others seem to contradict a key in twice a short window, and cannot be sure yet.
    func isLeaning(_ seconds: Int) -> Bool {
        guard let total = all.counts(last: 2 * seconds) else { return false }
        let known = callers.compactMapValues { $0.windows.counts(last: 2 * seconds) }.filter { $0.value.valid > 0 }
        return known.keys.contains { Self.against($0, known, of: total)?.isLeaning == true }
    }

    private static func against(_ key: Name, _ known: [Name: SLICounts], of total: SLICounts) -> OneAgainstOthers? {
        guard let counts = known[key], let own = Proportion(bad: counts.bad, n: counts.valid), own.bad > 0 else {
            return nil
        }
        let rest = known.values.reduce(total) { $0 - $1 }
        let others = known.filter { $0.key != key }.map(\.value) + [rest]
        return OneAgainstOthers(own: own, others: others.compactMap { Proportion(bad: $0.bad, n: $0.valid) })
    }

    /// What ``odd(_:)`` says of a short window, of the whole one.
    func oddInAll(of total: SLICounts) -> (keys: OddKeys, left: SLICounts)? {
        odd(callers.mapValues { $0.whole.sum(0) }, of: total)
    }

    private func odd(_ counts: [Name: SLICounts], of total: SLICounts) -> (keys: OddKeys, left: SLICounts)? {
        let known = counts.filter { $0.value.valid > 0 }
        let odd = known.filter { Self.against($0.key, known, of: total)?.isContradicted == true }
            .sorted { ($1.value.bad, $0.key) < ($0.value.bad, $1.key) }
        guard !odd.isEmpty else { return nil }
        let left = odd.reduce(total) { $0 - $1.value }
        let keys = OddKeys(
            keys: odd.map(\.key),
            bad: odd.reduce(0) { $0 + $1.value.bad },
            allBad: total.bad,
            othersBad: left.bad,
            othersValid: left.valid
        )
        return (keys, left)
    }
}

extension ServiceLevel {
    /// The length of the stretches in which events of single keys are kept for the whole window of `document`, in seconds: a
    /// sixtieth of it in whole minutes.
    public static func stretchSeconds(of document: SLODocument) -> Int {
        let minute = SLIBucket.coarseSeconds
        return max(1, (document.windowSeconds / 60 + minute - 1) / minute) * minute
    }
}
