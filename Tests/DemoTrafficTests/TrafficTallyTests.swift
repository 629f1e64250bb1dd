import Foundation
import SeededRandom
import Testing

@testable import DemoTraffic

/// What is counted of a run.
struct TrafficTallyTests {
    @Test func countsByRelease() throws {
        let tally = SampleRun.story
        #expect(tally.sent == 300 && tally.failed == 3 && tally.abandoned == 1 && tally.late == 1 && tally.unsent == 2)
        #expect(tally.answered == 296 && tally.wrong == 25)
        let bad = try #require(tally.releases["ticket-bot@r2"])
        #expect(bad.answered == 48 && bad.wrong == 24)
        #expect(abs(try #require(bad.firstWrong) - 20.205) < 1e-9)
        #expect(abs(try #require(bad.lastWrong) - 31.813) < 1e-9)
        let good = try #require(tally.releases["ticket-bot@r1"])
        #expect(good.heldBack == 12 && good.wrong == 1)
        #expect(tally.labelled == 295)
    }

    @Test func answersMayComeInAnyOrder() {
        var requests = (0..<40).map { number in
            SentRequest(
                due: Double(number),
                ended: Double(number) + 1,
                end: SampleRun.answer(number % 2, right: number % 3 > 0)
            )
        }
        var forward = TrafficTally(seconds: 40), shuffled = TrafficTally(seconds: 40)
        for request in requests { forward.add(request) }
        var random = SplitMix64(seed: 1)
        requests.shuffle(using: &random)
        for request in requests { shuffled.add(request) }
        #expect(forward == shuffled)
    }

    @Test func arrivalsArePoisson() {
        func plan(_ rate: Double, seed: UInt64) -> [PlannedRequest] {
            Array(TrafficPlan(shift: .none, requestsPerSecond: rate, seconds: 400, users: 40, seed: seed))
        }
        let requests = plan(5, seed: 11)
        // 2,000 are expected with a standard deviation of 45, and pauses whose deviation is their mean.
        #expect(abs(requests.count - 2_000) < 200)
        #expect(zip(requests, requests.dropFirst()).allSatisfy { $0.due < $1.due })
        let pauses = zip(requests, requests.dropFirst()).map { $1.due - $0.due }
        let mean = pauses.reduce(0, +) / Double(pauses.count)
        let deviation = (pauses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(pauses.count)).squareRoot()
        #expect(abs(deviation / mean - 1) < 0.1)
        #expect(Set(requests.map(\.user)).count == 40)
        #expect(requests == plan(5, seed: 11))
        #expect(requests.prefix(100).map(\.ticket) == plan(50, seed: 11).prefix(100).map(\.ticket))
        #expect(Array(TrafficPlan(shift: .none, requestsPerSecond: 1, seconds: 0, users: 1, seed: 1)).isEmpty)
    }

    @Test func quantilesAreWithinTwoPercent() throws {
        var times = TimeCounts()
        #expect(times.quantile(0.5) == nil)
        for number in 1...1_000 { times.add(Double(number) / 1_000) }
        for share in [0.01, 0.5, 0.95, 1] {
            #expect(abs(try #require(times.quantile(share)) / share - 1) < 0.021)
        }
        var odd = TimeCounts()
        for value in [0, -1, 1e-9, 1e9] { odd.add(value) }
        #expect(try #require(odd.quantile(0)) < 2e-5)
    }
}
