import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import ServiceLevels
import Testing

/// The past of an SLO.
@Suite struct SLOHistoryTests {
    private let start = Sample.midnight

    private func series(_ release: Int, _ arm: TrafficArm = .live) throws -> SLISeries {
        SLISeries(
            slo: try Name("availability"),
            definition: Digest(of: Data("definition".utf8)),
            model: try Name("ticket-bot"),
            release: release,
            arm: arm
        )
    }

    /// One event every 10 seconds.
    private func events(_ count: Int, from: Int64, bad: Int = 0) -> [SLIBucket] {
        (0..<count).map { SLIBucket(start: from + Int64($0) * 10, seconds: 10, valid: 1, bad: bad) }
    }

    @Test func eachStretchHasItsOwnEventsAndTheBudgetOfTheWindowThatEndsThere() throws {
        let document = try Sample.document("indicator: { type: availability }\ntarget: 90 %\nwindow: 2 h")
        // An hour of good events, half an hour without any, half an hour of bad ones.
        let stored = events(360, from: start) + events(180, from: start + 5400, bad: 1)
        let now = start + 7199
        let history = SLOHistory(of: document, stored: [try series(1): stored.reversed()], now: now)
        #expect(history.points.count == SLOHistory.maxPoints)
        #expect(history.points.allSatisfy { $0.seconds == 120 })
        #expect(history.points.first?.start == Sample.time(start))
        #expect(
            history.points.map(\.counts.valid) == (0..<60).map { (30..<45).contains($0) ? 0 : 12 }
        )
        #expect(history.points.prefix(45).allSatisfy { $0.budgetLeft == 1 })
        // The last point is what the running windows say.
        var level = ServiceLevel(document: document, model: try Name("ticket-bot"), buckets: stored, now: now)
        let left = try #require(level.status(now: Sample.time(now)).budgetLeft)
        #expect(history.points.last?.budgetLeft == left && abs(left + 7.0 / 3) < 1e-9)
    }

    /// Of a sample that could not tell, nobody knew what was left: the past says what ``ServiceLevel`` said then.
    @Test func thePastKnowsTheBudgetOnlyWhereASampleCouldTell() throws {
        let document = try Sample.document("indicator: { type: correctness }\ntarget: 90 %\nwindow: 2 h")
        // Right but for one in twelve, the same all the time: with every label the interval gets narrower.
        let stored = (0..<720).map { index in
            SLIBucket(start: start + Int64(index) * 10, seconds: 10, valid: 1, bad: index % 14 == 13 ? 1 : 0)
        }
        let history = SLOHistory(of: document, stored: [try series(1): stored], now: start + 7199)
        var level = ServiceLevel(document: document, model: try Name("ticket-bot"), buckets: [], now: start)
        var rest = stored[...], unknown = 0
        for point in history.points {
            let end = point.start.milliseconds / 1000 + Int64(point.seconds) - 1
            while let next = rest.first, next.start <= end {
                level.add(next.bad > 0 ? .bad : .good, at: next.start)
                rest.removeFirst()
            }
            let status = level.status(now: Sample.time(end))
            #expect(point.budgetLeft == status.budgetLeft)
            if status.state == .undecided { unknown += 1 }
        }
        #expect(unknown > 0 && unknown < history.points.count)
    }

    @Test func theFirstStretchKnowsTheWindowBeforeIt() throws {
        let document = try Sample.document("indicator: { type: availability }\ntarget: 90 %\nwindow: 2 h")
        let now = start + 14_399
        #expect(SLOHistory.firstNeeded(for: document, now: now) == start - 1)
        let stored = events(720, from: start, bad: 1) + events(720, from: start + 7200)
        let history = SLOHistory(of: document, stored: [try series(1): stored], now: now)
        #expect(history.points.first?.start == Sample.time(start + 7200))
        #expect((history.points.first?.budgetLeft ?? 0) < -8 && history.points.last?.budgetLeft == 1)
        #expect(history.releases.map(\.counts) == [SLICounts(valid: 720, bad: 0)])
    }

    @Test(arguments: [(0, 1), (60, 7), (599, 60)])
    func aYoungSLOIsShownFromItsFirstEventOnEvery10Seconds(_ age: Int64, _ count: Int) throws {
        let document = try Sample.document()
        let history = SLOHistory(of: document, stored: [try series(1): events(1, from: start)], now: start + age)
        #expect(history.points.count == count && history.points.allSatisfy { $0.seconds == 10 })
        #expect(history.points.first?.start == Sample.time(start) && history.points.first?.counts.valid == 1)
        #expect(history.points.dropFirst().allSatisfy { $0.counts == .zero })
    }

    @Test func aLongWindowIsCutIntoWholeMinutes() throws {
        let document = try Sample.document()
        let minutes = (0..<20_000).map { SLIBucket(start: start + Int64($0) * 60, seconds: 60, valid: 2, bad: 0) }
        let history = SLOHistory(of: document, stored: [try series(1): minutes], now: start + 20_000 * 60 - 1)
        #expect(history.points.count <= SLOHistory.maxPoints)
        #expect(history.points.allSatisfy { $0.seconds == 20_040 })
        #expect(history.points.reduce(0) { $0 + $1.counts.valid } == 40_000)
    }

    @Test func withoutEventsOrBeforeThemThereIsNothing() throws {
        let document = try Sample.document()
        #expect(SLOHistory(of: document, stored: [:], now: start).points.isEmpty)
        let later = [try series(1): events(3, from: start)]
        #expect(SLOHistory(of: document, stored: later, now: start - 100).points.isEmpty)
        #expect(SLOHistory(of: document, stored: later, now: .max).points.isEmpty)
    }

    @Test func whoAnsweredTheNewestReleaseFirst() throws {
        let stored = [
            try series(1): events(30, from: start), try series(2): events(20, from: start, bad: 1),
            try series(3): [],
        ]
        let history = SLOHistory(of: try Sample.document(), stored: stored, now: start + 600)
        #expect(history.releases.map(\.release) == [2, 1])
        #expect(history.releases.map(\.counts.bad) == [20, 0])
    }
}
