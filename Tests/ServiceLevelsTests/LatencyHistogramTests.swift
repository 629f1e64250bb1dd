import Foundation
import SeededRandom
import ServiceLevels
import StrictJSON
import Testing

/// Histograms of times.
@Suite struct LatencyHistogramTests {
    /// Times from a microsecond to an hour, evenly over the logarithm.
    private func times(_ count: Int, seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in exp(Double.random(in: log(1e-6)...log(3600), using: &random)) }
    }

    private func histogram(_ times: some Sequence<Double>) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for time in times { histogram.add(seconds: time) }
        return histogram
    }

    @Test(arguments: 1...4)
    func quantilesAreWithin04OfThoseOfTheSortedTimes(_ seed: UInt64) throws {
        let times = times(5000, seed: seed).sorted()
        let histogram = histogram(times)
        #expect(histogram.count == 5000)
        for q in [0, 0.001, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let exact = times[max(0, Int((q * 5000).rounded(.up)) - 1)]
            let found = try #require(histogram.quantile(q))
            // Below a tenth of a millisecond whole microseconds are what can be told apart.
            #expect(abs(found - exact) <= max(exact * 0.004, 0.000_000_6), "\(q): \(found) for \(exact)")
        }
    }

    @Test func mergingIsAddingMinutesMakeAnHourInAnyOrder() {
        var random = SplitMix64(seed: 9)
        let times = times(6000, seed: 5)
        var minutes = (0..<60).map { histogram(times[($0 * 100)..<($0 * 100 + 100)]) }
        let all = histogram(times)
        for _ in 0..<3 {
            minutes.shuffle(using: &random)
            var hour = LatencyHistogram()
            for minute in minutes { hour.merge(minute) }
            #expect(hour == all)
        }
        var same = all
        same.merge(LatencyHistogram())
        #expect(same == all)
    }

    @Test func writtenAndReadBackItIsTheSameAMinuteTakesFewBytes() throws {
        for count in [0, 1, 2, 300, 5000] {
            let histogram = histogram(times(count, seed: UInt64(count)))
            #expect(try LatencyHistogram(bytes: histogram.bytes) == histogram)
            let json = try CanonicalJSON.encode(["ttft": histogram])
            #expect(try CanonicalJSON.decode([String: LatencyHistogram].self, from: json)["ttft"] == histogram)
        }
        var random = SplitMix64(seed: 3)
        let minute = histogram((0..<300).map { _ in Double.random(in: 0.08...0.12, using: &random) })
        #expect(minute.bytes.count < 200)
    }

    /// Bytes that are no histogram.
    static let broken: [[UInt8]] = [
        [], [0], [2, 0, 1], [1, 0], [1, 0x80], [1, 0, 0], [1, 0xff, 0xff, 0xff, 0x7f, 1],
        [1] + [UInt8](repeating: 0xff, count: 12), [1, 0] + [UInt8](repeating: 0x80, count: 12),
        [1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
    ]

    @Test(arguments: broken)
    func bytesThatAreNoneAreRefused(_ bytes: [UInt8]) {
        #expect(throws: ServiceLevelsError.self) { try LatencyHistogram(bytes: bytes) }
    }

    @Test func randomBytesNeverDoDegradation() {
        var random = SplitMix64(seed: 77)
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<40, using: &random)
            let bytes = [1] + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            guard var histogram = try? LatencyHistogram(bytes: bytes) else { continue }
            histogram.merge(histogram)
            #expect((histogram.quantile(0.5) == nil) == (histogram.count == 0))
        }
    }

    @Test func whatIsNoTimeIsLeftOutAndTheLongestIsTheLongest() throws {
        var histogram = histogram([-1, .nan, -.infinity])
        #expect(histogram.count == 0 && histogram.quantile(0.5) == nil)
        histogram.add(seconds: .infinity)
        histogram.add(seconds: 0)
        #expect(histogram.count == 2 && histogram.quantile(0) == 0)
        #expect(try #require(histogram.quantile(1)) > 60_000)
        #expect(histogram.quantile(2) == nil && histogram.quantile(.nan) == nil)
    }
}
