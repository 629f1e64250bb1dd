public import RegistryRecords
public import RegistryTypes
public import UserDocuments

/// The past of an SLO, from its stored buckets.
public enum SLOHistory {
    /// The most steps that are made, however many are asked for.
    static let maxSteps = 2000

    /// `steps` equal steps from `from` to `to`, in seconds since 1970, each brought to whole minutes. Without `steps`
    /// or time there are none.
    ///
    /// - Parameter buckets: All that is stored from one rolling window before `from` on, in any order.
    public static func points(
        of document: SLODocument,
        buckets: some Sequence<SLIBucket>,
        from: Int64,
        to: Int64,
        steps: Int
    ) -> [SLOHistoryPoint] {
        let minute = Int64(SLIBucket.coarseSeconds)
        let steps = min(steps, maxSteps)
        guard steps > 0, from >= 0, to > from, to < 1 << 40 else { return [] }
        let step = max(minute, ((to - from) / Int64(steps) + minute - 1) / minute * minute)
        var windows = BurnWindows(windows: [Int(step), document.windowSeconds])
        let sorted = buckets.filter { $0.seconds > 0 && $0.start >= 0 && $0.start < to }
            .sorted { $0.start < $1.start }
        var next = 0
        var points: [SLOHistoryPoint] = []
        var end = SLIBucket.coarseStart(from) + step
        while points.count < steps, end - step < to {
            while next < sorted.count, sorted[next].start < end {
                windows.add(sorted[next].counts, at: sorted[next].start)
                next += 1
            }
            windows.advance(to: end - 1)
            points.append(point(at: end, step: Int(step), windows, document))
            end += step
        }
        return points
    }

    private static func point(
        at end: Int64,
        step: Int,
        _ windows: BurnWindows,
        _ document: SLODocument
    ) -> SLOHistoryPoint {
        let counts = windows.counts(last: step) ?? .zero
        let whole = windows.counts(last: document.windowSeconds) ?? .zero
        let isKnown = whole.valid >= max(1, document.minSamples)
        return SLOHistoryPoint(
            time: Timestamp(milliseconds: end * 1000),
            counts: counts,
            share: counts.share,
            burn: counts.badShare.map { $0 / document.budget },
            windowShare: whole.share,
            budgetLeft: isKnown ? whole.badShare.map { 1 - $0 / document.budget } : nil
        )
    }

    /// What each release had to do with the events of the window, the largest spender first.
    ///
    /// - Parameter releases: The events of each release within the window, as stored by ``SLISeries``.
    public static func spenders(_ releases: [Int: SLICounts], of document: SLODocument) -> [BudgetSpender] {
        let allowed = Double(releases.values.reduce(0) { $0 + $1.valid }) * document.budget
        return releases.map { release, counts in
            BudgetSpender(
                release: release,
                counts: counts,
                budgetSpent: allowed > 0 ? Double(counts.bad) / allowed : 0
            )
        }
        .sorted { ($1.counts.bad, $1.release) < ($0.counts.bad, $0.release) }
    }
}
