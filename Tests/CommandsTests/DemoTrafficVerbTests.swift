import ArgumentParser
import DemoTraffic
import Foundation
import RegistryTypes
import Testing
import WireFormat

@testable import Commands

/// How a run is told.
struct DemoTrafficVerbTests {
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

    @Test func reports() throws {
        let style = TextStyle(now: Timestamp(milliseconds: 0))
        var ascii = style
        ascii.ascii = true
        var empty = TrafficTally(seconds: 10)
        empty.send(due: 0, now: 0)
        empty.add(SentRequest(due: 0, ended: 30, end: .failed(reason: "no answer in 30 s")))
        let texts = [
            ("story", DemoOutput.summary(Self.summary(Self.story)).text(style)),
            ("ascii", DemoOutput.summary(Self.summary(Self.story)).text(ascii)),
            ("nothing answered", DemoOutput.summary(Self.summary(empty, isInterrupted: true)).text(style)),
            ("nothing sent", DemoOutput.summary(Self.summary(TrafficTally(seconds: 1))).text(style)),
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
        #expect(throws: (any Error).self) { try DemoTrafficVerb.parse(Array(arguments.dropFirst())) }
    }

    @Test func examplesParse() throws {
        let lines = DemoTrafficVerb.configuration.discussion.split(separator: "\n").filter { $0.hasPrefix("  serin") }
        #expect(lines.count == 4)
        for line in lines {
            #expect(line.count <= 80)
            _ = try DemoTrafficVerb.parse(line.split(separator: " ").dropFirst(3).map(String.init))
        }
    }

    @Test func flagsAreRead() throws {
        let verb = try DemoTrafficVerb.parse([
            "bot@staging", "--for", "2m", "--no-label", "--shift", "locale", "--seed", "3",
        ])
        #expect(
            verb.model == "bot@staging" && verb.length?.seconds == 120 && !verb.label && verb.shift.value == .locale
        )
    }
}
