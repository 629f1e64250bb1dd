import RegistryRecords
import RegistryTypes
import SeededRandom
import ServiceLevels
import Testing

/// Running sums over windows.
@Suite struct BurnWindowsTests {
    static let windows = [10, 60, 300, 1800, 3600, 7200, 21_600, 86_400, 259_200, 2_592_000]

    /// The sum over a window, counted from single events.
    private func counted(_ events: [(second: Int64, isBad: Bool)], last seconds: Int, at now: Int64) -> SLICounts {
        let width = Int64(seconds <= SLIBucket.fineSpanSeconds ? 10 : 60)
        let slot = now / width
        let inside = events.filter { (slot - Int64(seconds) / width + 1...slot).contains($0.second / width) }
        return SLICounts(valid: inside.count, bad: inside.filter(\.isBad).count)
    }

    @Test(
        "They are what counting every event gives, and what the stored buckets give after a restart",
        arguments: 1...12
    )
    func restart(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var running = BurnWindows(windows: Self.windows)
        var events: [(second: Int64, isBad: Bool)] = []
        var fine: [Int64: SLICounts] = [:]
        var now = Sample.midnight + Int64.random(in: 0..<100, using: &random)
        for _ in 0..<1500 {
            // Mostly seconds, sometimes hours, rarely days pass, and now and then the clock steps back.
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<60: now += Int64.random(in: 0...12, using: &random)
            case 60..<85: now += Int64.random(in: 0...400, using: &random)
            case 85..<92: now += Int64.random(in: 0...20_000, using: &random)
            case 92..<93: now += Int64.random(in: 0...900_000, using: &random)
            default: now -= Int64.random(in: 0...5000, using: &random)
            }
            let isBad = Int.random(in: 0..<5, using: &random) == 0
            let before = running.newest ?? 0
            let start = running.add(isBad ? .bad : .good, at: now)
            fine[start, default: .zero] += SLICounts(valid: 1, bad: isBad ? 1 : 0)
            events.append((max(now, before), isBad))
            now = max(now, before)
            running.advance(to: now)
            guard Int.random(in: 0..<50, using: &random) == 0 else { continue }
            for seconds in Self.windows {
                #expect(running.counts(last: seconds) == counted(events, last: seconds, at: now), "\(seconds) s")
            }
            var stored = fine.map { SLIBucket(start: $0, seconds: 10, valid: $1.valid, bad: $1.bad) }
                .sorted { $0.start < $1.start }
            #expect(BurnWindows(windows: Self.windows, buckets: stored.shuffled(using: &random), now: now) == running)
            stored = SLIBucket.merged(stored, before: SLIBucket.fineNeeded(at: now))
            #expect(BurnWindows(windows: Self.windows, buckets: stored, now: now) == running)
        }
    }

    @Test func aClockThatStepsBackPutsEventsIntoTheNewestBucketNeverIntoASecondOne() {
        var windows = BurnWindows(windows: [60, 3600])
        let now = Sample.midnight
        #expect(windows.add(.good, at: now) == now)
        #expect(windows.add(.bad, at: now - 3_000_000) == now)
        #expect(windows.add(.bad, at: -5) == now)
        windows.advance(to: now - 50)
        #expect(windows.newest == now)
        #expect(windows.counts(last: 60) == SLICounts(valid: 3, bad: 2))
        #expect(windows.span == now...now)
        windows.advance(to: now + 60)
        #expect(windows.counts(last: 60) == .zero)
        #expect(windows.counts(last: 3600) == SLICounts(valid: 3, bad: 2))
    }

    @Test func aClock40DaysAheadEmptiesEveryWindowAtOnceSoDoesTheEndOfTime() {
        var windows = BurnWindows(windows: Self.windows)
        for second in 0..<20_000 { windows.add(.good, at: Sample.midnight + Int64(second * 60)) }
        #expect(windows.counts(last: 2_592_000)?.valid == 20_000)
        windows.advance(to: Sample.midnight + 20_000 * 60 + 40 * 86_400)
        #expect(Self.windows.allSatisfy { windows.counts(last: $0) == .zero })
        #expect(windows.span == nil)
        windows.advance(to: .max)
        windows.add(.bad, at: .max)
        windows.add(.bad, at: .min)
        #expect(windows.counts(last: 10) == SLICounts(valid: 2, bad: 2))
    }

    @Test func storedBucketsThatCannotBeAreLeftOutAndHugeCountsDoNotOverflow() {
        let start = Sample.midnight
        let bad = [
            SLIBucket(start: start, seconds: 7, valid: 1, bad: 0),
            SLIBucket(start: start, seconds: 10, valid: -1, bad: 0),
            SLIBucket(start: start, seconds: 10, valid: 1, bad: 2),
            SLIBucket(start: start, seconds: 10, valid: 1, bad: -1),
            SLIBucket(start: -10, seconds: 10, valid: 1, bad: 0),
            SLIBucket(start: .max, seconds: 60, valid: 1, bad: 0),
        ]
        let windows = BurnWindows(windows: [60], buckets: bad, now: start)
        #expect(windows == BurnWindows(windows: [60], buckets: [], now: start))
        let huge = SLIBucket(start: start, seconds: 10, valid: .max, bad: .max)
        let full = BurnWindows(windows: [60, 86_400], buckets: [huge, huge, huge], now: start)
        #expect(full.counts(last: 60)?.badShare == 1)
    }

    @Test func windowsAreWholeBucketsOtherLengthsAreNotKept() {
        let windows = BurnWindows(windows: [45, 60, -3, 7201, 60, .max])
        #expect(windows.windows == [10, 50, 60, 7260, 400 * 86_400])
        #expect(windows.counts(last: 45) == .zero && windows.counts(last: 300) == nil)
        var none = BurnWindows(windows: [])
        none.add(.bad, at: Sample.midnight)
        #expect(none.span == nil && none.counts(last: 60) == nil)
    }

    @Test func mergingIntoMinutesKeepsEveryEventAndNeverSplitsAMinute() {
        let fine = (0..<50).map { SLIBucket(start: 600 + Int64($0) * 10, seconds: 10, valid: $0, bad: $0 / 3) }
        let merged = SLIBucket.merged(fine, before: 840)
        #expect(merged.prefix(while: { $0.seconds == 60 }).map(\.start) == [600, 660, 720, 780])
        #expect(merged.drop(while: { $0.seconds == 60 }).map(\.start) == Array(stride(from: 840, to: 1100, by: 10)))
        #expect(merged.map(\.counts).reduce(.zero, +) == fine.map(\.counts).reduce(.zero, +))
        #expect(SLIBucket.merged(merged, before: 840) == merged)
        #expect(SLIBucket.fineNeeded(at: 10_000).isMultiple(of: 60))
    }
}
