import RegistryTypes
import Testing

@testable import Gateway

/// What is counted, and under how many names.
struct MeasurementTests {
    private static func record(version: Int, seconds: Double) throws -> RequestRecord {
        RequestRecord(
            id: RequestID(time: Timestamp(milliseconds: 0), random: (0, 1)),
            time: Timestamp(milliseconds: 0),
            model: try Name("ticket-bot"),
            asked: "ticket-bot",
            release: 1,
            version: version,
            prompt: VersionID(try Name("triage"), 1),
            arm: .live,
            key: try Name("app"),
            outcome: .answered,
            status: 200,
            promptTokens: 30,
            totalSeconds: seconds,
            capture: .off
        )
    }

    @Test func aValueOnABoundBelongsBelowIt() throws {
        let measurements = ServingMeasurements()
        for seconds in [0.01, 0.011, 82, 0] {
            measurements.began()
            measurements.ended(try Self.record(version: 1, seconds: seconds))
        }
        let series = try #require(measurements.snapshot.series.values.first)
        #expect(series.duration.counts.first == 2 && series.duration.counts[1] == 1 && series.duration.counts.last == 1)
        #expect(series.duration.total == 4 && series.duration.sum == 82.021)
        // What is not known is not counted.
        #expect(series.timeToFirstToken.total == 0)
        #expect(series.inputTokens.counts[3] == 4)
        #expect(measurements.snapshot.active == 0)
    }

    @Test func manyVersionsDoNotMakeManySeries() throws {
        let measurements = ServingMeasurements()
        for version in 1...1000 { measurements.ended(try Self.record(version: version, seconds: 1)) }
        let series = measurements.snapshot.series
        #expect(series.count == ServingMeasurements.maxSeries + 1)
        #expect(series.values.reduce(0) { $0 + $1.requests } == 1000)
        #expect(series[.other]?.requests == 800)
    }

    @Test func boundsRise() {
        for histogram in [
            MetricTable.duration, MetricTable.timeToFirstToken, MetricTable.timePerOutputToken, MetricTable.tokenUsage,
            MetricTable.queueDuration,
        ] {
            #expect(zip(histogram.bounds, histogram.bounds.dropFirst()).allSatisfy { $0 < $1 }, "\(histogram.name)")
        }
    }
}
