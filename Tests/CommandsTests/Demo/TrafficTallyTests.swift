import ArgumentParser
import Foundation
import RegistryTypes
import SeededRandom
import Testing
import WireFormat

@testable import Commands

/// What is counted of a run, and how it is told.
struct TrafficTallyTests {
    static func answer(
        _ release: Int,
        right: Bool,
        arm: String = "live",
        json: Bool = true,
        label: SentRequest.Label = .taken
    ) -> SentRequest.End {
        .answered(
            .init(release: "ticket-bot@r\(release)", arm: arm, isRight: right, isJSON: json, label: label)
        )
    }

    /// Sixty seconds: r1, then r2 wrong in half its answers with a fifth held back, then r1 again.
    static var story: TrafficTally {
        var tally = TrafficTally(seconds: 60)
        for number in 0..<300 {
            let due = Double(number) / 5
            tally.send(due: due, now: due + (number == 100 ? 0.3 : 0.001))
            let end: SentRequest.End
            switch number {
            case 7: end = .failed(reason: "HTTP 503, the model cannot answer now")
            case 8, 9: end = .failed(reason: "no connection, connection refused")
            case 299: end = .abandoned
            case 100..<160 where number.isMultiple(of: 5): end = answer(1, right: true, arm: "holdback")
            case 100..<160: end = answer(2, right: number.isMultiple(of: 2), json: !number.isMultiple(of: 7))
            case 200: end = answer(1, right: false, label: .refused(reason: "HTTP 404, no such request"))
            default: end = answer(1, right: true)
            }
            tally.add(SentRequest(due: due, ended: due + 0.004 + Double(number % 10) / 1000, end: end))
        }
        tally.leave(2)
        return tally
    }

    static func summary(_ tally: TrafficTally, isInterrupted: Bool = false) -> TrafficSummary {
        TrafficSummary(
            tally,
            model: "ticket-bot",
            shift: .none,
            requestsPerSecond: 5,
            seed: 7,
            startedAt: Timestamp(milliseconds: 1_795_000_000_000),
            seconds: 60.02,
            isInterrupted: isInterrupted
        )
    }

    @Test func countsByRelease() throws {
        let tally = Self.story
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
                end: Self.answer(number % 2, right: number % 3 > 0)
            )
        }
        var forward = TrafficTally(seconds: 40), shuffled = TrafficTally(seconds: 40)
        for request in requests { forward.add(request) }
        var random = SplitMix64(seed: 1)
        requests.shuffle(using: &random)
        for request in requests { shuffled.add(request) }
        #expect(forward == shuffled)
    }

    @Test func reports() throws {
        let style = TextStyle(now: Timestamp(milliseconds: 0))
        var ascii = style
        ascii.ascii = true
        var empty = TrafficTally(seconds: 10)
        empty.send(due: 0, now: 0)
        empty.add(SentRequest(due: 0, ended: 30, end: .failed(reason: "no answer in 30 s")))
        let texts = [
            ("story", Report.traffic(Self.summary(Self.story)).text(style)),
            ("ascii", Report.traffic(Self.summary(Self.story)).text(ascii)),
            ("nothing answered", Report.traffic(Self.summary(empty, isInterrupted: true)).text(style)),
            ("nothing sent", Report.traffic(Self.summary(TrafficTally(seconds: 1))).text(style)),
            ("json", try Envelope(kind: "DemoTraffic", value: Self.summary(Self.story)).json()),
        ]
        try Stored.expect(texts.map { "# \($0.0)\n\($0.1)" }.joined(), as: "demo-traffic.txt")
    }

    @Test(arguments: [ProgressChoice.none, .plain, .bar])
    func lines(mode: ProgressChoice) throws {
        var style = TextStyle(now: Timestamp(milliseconds: 0))
        style.columns = 100
        var line = TrafficLine(mode: mode, style: style, seconds: 60)
        var text = ""
        for elapsed in [0.25, 6.1, 7, 31, 59.9, 60.4] { text += line.update(Self.story, elapsed: elapsed) }
        text += line.update(TrafficTally(seconds: 60), elapsed: 61) + line.close() + line.close()
        let shown = text.replacingOccurrences(of: "\r", with: "<CR>").replacingOccurrences(
            of: "\u{1b}[K",
            with: "<CLEAR>\n"
        )
        try Stored.expect(shown, as: "demo-traffic-\(mode.rawValue).txt")
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

    @Test(arguments: [
        (Problem(status: 401, title: "no key", exit: 4) as any Error, true),
        (Problem(status: 404, title: "no such model", exit: 3), true),
        (Problem(status: 429, title: "busy", exit: 1), false), (Problem(status: 503, title: "loading", exit: 1), false),
        (CancellationError(), false),
    ])
    func someRefusalsEndTheRun(error: any Error, ends: Bool) { #expect(TrafficRun.refusesAll(error) == ends) }

    @Test(arguments: [
        ["demo", "--rate", "0"], ["demo", "--rate", "nan"], ["demo", "--users", "0"], ["demo", "--for", "25h"],
        ["demo", "--for", "-1s"], ["demo", "--in-flight", "0"], ["demo", "--shift", "sideways"],
    ])
    func nonsenseIsRefused(arguments: [String]) {
        #expect(throws: (any Error).self) { try DemoTraffic.parse(Array(arguments.dropFirst())) }
    }

    @Test func examplesParse() throws {
        let lines = DemoTraffic.configuration.discussion.split(separator: "\n").filter { $0.hasPrefix("  serin") }
        #expect(lines.count == 4)
        for line in lines {
            #expect(line.count <= 80)
            _ = try DemoTraffic.parse(line.split(separator: " ").dropFirst(3).map(String.init))
        }
    }

    @Test func flagsAreRead() throws {
        let verb = try DemoTraffic.parse([
            "bot@staging", "--for", "2m", "--no-label", "--shift", "locale", "--seed", "3",
        ])
        #expect(verb.model == "bot@staging" && verb.length?.seconds == 120 && !verb.label && verb.shift == .locale)
    }
}
