import DriftAnalysis
import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import Statistics
import Testing

/// Times are never twice the same: whether it hurts decides, in seconds and in per cent, and faster is no drift.
@Suite struct TimeDriftTests {
    private func report(
        before: (inout World) -> Void = { _ in },
        now change: (inout World) -> Void
    ) throws -> DriftReport {
        var world = World(seed: 31)
        before(&world)
        let reference = try Summaries.reference(try world.requests(1000))
        var now = World(seed: 32)
        before(&now)
        change(&now)
        return try Summaries.report(reference, try now.requests(300))
    }

    /// Factors of a machine that does other things too, on times of milliseconds: sure, large in per cent, nothing.
    @Test(arguments: [0.4, 0.7, 1.2, 1.41, 1.6])
    func whatNobodyNoticesIsStable(_ factor: Double) throws {
        let report = try report(now: { $0.slower = factor })
        let times = report.tests.filter { $0.signal.hasSuffix("Seconds") }
        #expect(times.count == 3 && times.allSatisfy { $0.state == .stable }, "\(times.map(\.state))")
        #expect(times.allSatisfy { ($0.pHolm ?? 1) <= 0.01 }, "sure, and yet nothing")
        #expect(report.verdict == .none, "\(report.sentence)")
    }

    /// Large and not sure is not stable: with few requests it is said to be undecided, in the line and in the
    /// sentence, and is nobody's to act on.
    @Test func whatIsLargeAndNotSureIsUndecided() throws {
        var world = World(seed: 33)
        let reference = try Summaries.reference(try world.requests(1000))
        var now = World(seed: 34)
        (now.labelled, now.correct) = (0.03, 0.7)
        let report = try Summaries.report(reference, try now.requests(220))
        let undecided = report.tests.filter { $0.state == .undecided }
        #expect(!undecided.isEmpty && undecided.allSatisfy { ($0.pHolm ?? 1) > 0.01 })
        #expect(report.quiet == report.tests.count { $0.state == .stable })
        guard report.verdict == .none else { return }
        #expect(report.sentence.contains("undecided, beyond"), "\(report.sentence)")
    }

    /// A table of larger times: factor before, factor now, and what the three lines say (total, first token, per token).
    static let changes: [(before: Double, now: Double, states: [DriftTest.State], verdict: DriftVerdict)] = [
        (10, 20, [.moved, .moved, .moved], .ticket),
        // 120 ms more of 1.2 s is a tenth; 20 ms of the first token is nothing.
        (10, 11, [.stable, .stable, .stable], .none),
        // 1.2 s become 2.4 s, first token 40 ms more: below what anybody notices of it.
        (2, 4, [.moved, .stable, .stable], .ticket),
        (20, 10, [.better, .better, .better], .none),
        (20, 18, [.stable, .stable, .stable], .none),
    ]

    @Test(arguments: changes.indices)
    func slowerIsDriftAndFasterIsNot(_ row: Int) throws {
        let change = Self.changes[row]
        let report = try report(before: { $0.slower = change.before }, now: { $0.slower = change.now })
        let states = ["totalSeconds", "firstTokenSeconds", "perTokenSeconds"].map { signal in
            report.tests.first { $0.signal == signal }?.state
        }
        #expect(states == change.states)
        #expect(report.verdict == change.verdict, "\(report.sentence)")
        if change.verdict == .ticket {
            #expect(report.degradations.contains { $0.signal == "totalSeconds" && $0.state == .beyondMargin })
        }
        if change.states[0] == .better { #expect(report.sentence.contains("is better")) }
    }

    /// Every signal that has a worse direction: the other one is no ticket and does not page.
    @Test func improvementsAreNoTicket() throws {
        let report = try report(
            before: {
                $0.correct = 0.7
                $0.labelled = 1
                $0.failing = 0.2
            },
            now: {
                $0.correct = 0.99
                $0.failing = 0
            }
        )
        let better = report.tests.filter { $0.state == .better }.map(\.signal)
        #expect(better.contains("correct") && better.contains("errors"), "\(better)")
        #expect(!report.moved.contains { ["correct", "errors", "liked"].contains($0.signal) })
        #expect(report.verdict == .none, "\(report.sentence)")
        let back = try self.report(
            before: {
                $0.correct = 0.99
                $0.labelled = 1
            },
            now: { $0.correct = 0.7 }
        )
        #expect(back.verdict == .page)
    }

    /// Forty windows of the demo's traffic with other seeds, on a machine that is now slow and now fast: at most one is
    /// not stable. Before, 13 of 14 were tickets.
    @Test func fortyWindowsOfTheDemosTraffic() throws {
        let tickets = try Demo.tickets()
        var notStable: [String] = []
        var numbers = SplitMix64(seed: 51)
        let reference = try Summaries.reference(try DemoRows.rows(tickets, 1000, &numbers))
        for seed in 61...100 {
            var numbers = SplitMix64(seed: UInt64(seed))
            let slower = exp(0.3 * numbers.normal())
            let now = try DemoRows.rows(tickets, 300, &numbers, slower: slower)
            let report = try Summaries.report(reference, now)
            if report.verdict != .none { notStable.append("\(seed): \(report.sentence)") }
        }
        #expect(notStable.count <= 1, "\(notStable)")
        // And what is really other traffic is found in a window of that size.
        let german = tickets.filter { $0.locale == "de" }
        #expect(try Summaries.report(reference, try DemoRows.rows(german, 300, &numbers)).verdict == .ticket)
    }

    /// Requests that were refused before anything was known of them: neither stable nor drift.
    @Test func aWindowThatSaysNothingIsUnknown() throws {
        func rows(_ seed: UInt16) throws -> [DescribedRequest] {
            try (0..<300).map { place in
                let time = World.start.adding(seconds: Double(place))
                let record = RequestRecord(
                    id: RequestID(time: time, random: (seed, UInt64(place))),
                    time: time,
                    model: try Name("ticket-bot"),
                    asked: "ticket-bot",
                    release: 1,
                    version: 1,
                    prompt: VersionID(try Name("triage"), 3),
                    arm: .live,
                    key: try Name("app"),
                    outcome: .rejected,
                    status: 400,
                    totalSeconds: 0.001,
                    capture: .metadata
                )
                return DescribedRequest(
                    request: record.id,
                    descriptors: RequestDescriptors(record: record, input: nil)
                )
            }
        }
        let report = try Summaries.report(try Summaries.reference(try rows(1)), try rows(2))
        #expect(report.verdict == .unknown && !report.verdict.isDrift)
        #expect(report.sentence.hasPrefix("nothing can be compared: "))
        #expect(report.tests.allSatisfy { $0.state != .unknown || $0.unseen != nil })
        #expect(report.action.command.hasPrefix("serin request list"))
    }

    /// What was not seen is said in the first line, with the reason.
    @Test func whatIsNotKeptIsSaid() throws {
        func rows(_ seed: UInt64) throws -> [DescribedRequest] {
            var world = World(seed: seed)
            world.labelled = 0
            return try world.requests(400)
        }
        let report = try Summaries.report(try Summaries.reference(try rows(1)), try rows(2))
        #expect(report.verdict == .none)
        #expect(report.sentence.contains("signals saw nothing: "), "\(report.sentence)")
        let correct = try #require(report.tests.first { $0.signal == "correct" })
        #expect(correct.state == .unknown)
        #expect(correct.unseen == "no answer was labelled in the reference and in the window")
    }

    private static func time(_ minute: Double) -> Timestamp { World.start.adding(seconds: minute * 60) }

    /// Minutes of the window and of its reference, and the seconds in common.
    static let overlaps: [(window: (Double, Double), reference: (Double, Double), seconds: Double?, isInside: Bool)] = [
        ((10, 20), (0, 10), nil, false), ((0, 10), (10, 20), nil, false), ((2, 4), (0, 10), 120, true),
        ((0, 10), (0, 10), 600, true), ((9, 20), (0, 10), 60, false), ((0, 20), (5, 6), 60, false),
    ]

    @Test(arguments: overlaps.indices)
    func aWindowInItsOwnReference(_ row: Int) {
        let (window, reference, seconds, isInside) = Self.overlaps[row]
        let overlap = WindowOverlap(
            window: Self.time(window.0)..<Self.time(window.1),
            reference: Self.time(reference.0)..<Self.time(reference.1)
        )
        #expect(overlap?.seconds == seconds && (overlap?.isInside ?? false) == isInside)
        #expect(overlap?.longestWindowSeconds(now: Self.time(reference.1)) == nil)
        if let overlap { #expect(overlap.longestWindowSeconds(now: Self.time(reference.1 + 1)) == 60) }
    }
}
