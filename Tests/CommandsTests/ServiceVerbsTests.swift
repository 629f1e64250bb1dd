import ArgumentParser
import Foundation
import RegistryTypes
import Testing
import WireFormat
import Wording

@testable import Commands

/// What the verbs about live traffic decide: times, windows, changes, exit codes.
struct ServiceVerbsTests {
    static let now = ReportTests.now

    @Test(arguments: [
        ("90s", "2026-11-21T11:19:14.120Z"), ("15min", "2026-11-21T11:05:44.120Z"),
        ("2h", "2026-11-21T09:20:44.120Z"), ("7d", "2026-11-14T11:20:44.120Z"),
        ("2026-11-21", "2026-11-21T00:00:00.000Z"), ("2026-11-21T10:00Z", "2026-11-21T10:00:00.000Z"),
        ("2026-11-21T10:00:00.5Z", "2026-11-21T10:00:00.500Z"), ("2026", nil), ("", nil), ("-2h", nil), ("2 y", nil),
        ("1e9d", nil), ("nan", nil), ("2026-02-30", nil), ("2026-11-21T10:00:00+01:00", "2026-11-21T09:00:00.000Z"),
        ("2026-11-21T10:00-05:30", "2026-11-21T15:30:00.000Z"), ("2026-11-21T10:00:00+24:00", nil),
        ("2026-11-21T10:00:00+0100", nil), ("2026-11-21T10:00", nil), ("+01:00", nil), ("yesterday", nil),
        ("inf", nil), ("0s", nil), ("9999999d", nil),
    ])
    func moments(text: String, time: String?) {
        #expect((try? TimeArgument.read(text, flag: "--since", now: Self.now))?.description == time)
    }

    @Test(arguments: [
        ("2026-11-01/7d", "2026-11-01T00:00:00.000Z", "2026-11-08T00:00:00.000Z"),
        ("2026-11-21T10:00:00Z/90min", "2026-11-21T10:00:00.000Z", "2026-11-21T11:30:00.000Z"),
    ])
    func windows(text: String, since: String, until: String) throws {
        let window = try TimeArgument.window(text, flag: "--window")
        #expect(window.since.description == since)
        #expect(window.until.description == until)
    }

    @Test(arguments: ["7d", "2026-11-01", "2026-11-01/", "/7d", "2026-11-01/7d/1h", "2h/1h", "2026-11-01/-7d", ""])
    func windowsThatAreNone(text: String) {
        #expect(throws: CommandsError.self) { try TimeArgument.window(text, flag: "--window") }
    }

    @Test func anEndBeforeItsStartIsRefused() {
        #expect(throws: CommandsError.self) { try TimeArgument.range(since: "1h", until: "2h", now: Self.now) }
        #expect(throws: Never.self) { try TimeArgument.range(since: "2h", until: nil, now: Self.now) }
    }

    /// A status that comes in parts is one: what is said of all is said once, and the models of all parts are there.
    @Test func partsOfAStatusAreOne() throws {
        func part(_ names: [String], next: String?, notices: [StoreNotice]?) throws -> StatusView {
            StatusView(
                models: try names.map {
                    ModelSummary(name: try Name($0), latest: nil, versions: 0, channels: [], lastCanary: nil)
                },
                next: next,
                modelCount: 3,
                releases: [],
                running: [],
                moves: [],
                quarantined: [],
                head: 7,
                at: Self.now,
                build: "1",
                notices: notices
            )
        }
        let lost = StoreNotice(.readOnly, "the log lacks events", next: "put back a copy")
        let first = try part(["a", "b"], next: "b", notices: [lost])
        let whole = first.followed(by: try part(["c"], next: nil, notices: [lost]))
        #expect(whole.models.map(\.name.text) == ["a", "b", "c"] && whole.next == nil)
        #expect(whole.notices == [lost], "a read-only folder must be said however many models there are")
        #expect(Status.leftOut(whole) == nil)
        #expect(Status.leftOut(first) == "2 of 3 models; --limit 0 for all")
        let live = try part(["b"], next: nil, notices: nil)
        #expect(Status.leftOut(live) == "1 of 3 models; the others have no channel; --limit 0 for all")
    }

    @Test func stretchesOfABaseline() throws {
        let named = try BaselineSet.parse(["m", "--window", "2026-11-01/7d"]).stretch(now: Self.now)
        #expect(named.until.description == "2026-11-08T00:00:00.000Z")
        let open = try BaselineSet.parse(["m", "--since", "2h"]).stretch(now: Self.now)
        #expect(open.until == Self.now && open.since == Self.now.adding(seconds: -7200))
        #expect(throws: CommandsError.self) {
            try BaselineSet.parse(["m", "--since", "2027-01-01"]).stretch(now: Self.now)
        }
    }

    @Test(arguments: [
        (
            ["drift", "baseline", "set", "m"],
            "name the stretch: --window START/LENGTH, or --since TIME and perhaps --until TIME"
        ),
        (
            ["drift", "baseline", "set", "m", "--window", "a", "--since", "b"],
            "name the stretch: --window START/LENGTH, or --since TIME and perhaps --until TIME"
        ),
        (["request", "label", "x"], "say something: --correct, --wrong, --thumb, --correction or --comment"),
        (["request", "label", "x", "--correct", "--wrong"], "--correct and --wrong exclude each other"),
        (["rollout", "resume", "m", "--reason", " "], "--reason TEXT must not be empty"),
        (["rollout", "resume", "m"], "missing expected argument '--reason <text>'"),
        (["incident", "close", "i-1"], "missing expected argument '--reason <text>'"),
        (["incident", "note", "i-1", " "], "the remark must not be empty"),
        (["slo", "lint"], "name a file or a folder"),
        (["status", "-w", "--every", "1ms"], "--every must be 200ms or more"),
        (["status", "-w", "--exit-code"], "--watch and --exit-code exclude each other"),
        (["traffic", "freeze", "a", "--sample", "0"], "--sample must be 1 or more"),
    ])
    func refusedBeforeTheServerIsAsked(arguments: [String], title: String) throws {
        do {
            _ = try UsageTests.Root.parseAsRoot(arguments)
            Issue.record("\(arguments) were taken")
        } catch {
            let problem = UsageProblem(root: UsageTests.Root.self, arguments: arguments, error: error)
            #expect(problem.title == title)
        }
    }

    @Test(arguments: ["--arm=side", "--outcome=fine", "--correct=maybe", "--valid=1", "--labelled="])
    func wordsThatAreNoChoice(flag: String) {
        #expect(throws: (any Error).self) { try RequestList.parse([flag]) }
    }

    @Test func filtersOfRequestsBecomeAQuery() throws {
        let list = try RequestList.parse([
            "--model", "ticket-bot", "--release", "r2", "--arm", "holdback", "--outcome", "answered", "--correct", "no",
            "--valid", "yes", "--labelled", "yes", "--key", "shop", "--since", "2h",
        ])
        let fields = try list.fields(now: Self.now).compactMap { field in field.value.map { "\(field.name)=\($0)" } }
        #expect(
            fields == [
                "model=ticket-bot", "release=2", "arm=holdback", "outcome=answered", "correct=no", "labelled=yes",
                "valid=yes", "key=shop", "since=2026-11-21T09:20:44.120Z",
            ]
        )
    }

    @Test(arguments: [
        ("none", Exit.ok), ("changed", .ok), ("ticket", .checkFailed), ("page", .checkFailed),
        ("learning", .inconclusive), ("tooLittleData", .inconclusive), ("what comes later", .inconclusive),
    ])
    func exitsOfDrift(verdict: String, exit: Exit) throws {
        let rows: [DriftRow] = try Stored.value("drifts")
        let row = rows[0]
        #expect(
            DriftRun.exit(
                DriftRow(
                    id: row.id,
                    model: row.model,
                    channel: row.channel,
                    verdict: verdict,
                    sentence: "",
                    since: row.since,
                    until: row.until,
                    requests: 1,
                    at: row.at,
                    by: "x"
                )
            ) == exit
        )
    }

    @Test(arguments: [
        ("status", nil, Exit.checkFailed), ("status", "ticket-bot", .checkFailed), ("status", "search-sum", .ok),
        ("status-quiet", nil, .ok), ("status-empty", nil, .ok),
    ])
    func exitsOfStatus(fixture: String, model: String?, exit: Exit) throws {
        let view: StatusView = try Stored.value(fixture)
        #expect(Status.exit(view, model: try model.map { try Name($0) }) == exit)
    }

    @Test func changesOfAStatusAreOneLineEach() throws {
        let ill: StatusView = try Stored.value("status"), quiet: StatusView = try Stored.value("status-quiet")
        let empty: StatusView = try Stored.value("status-empty"), other = try Name("search-sum")
        let parts = [
            StatusChanges.lines(from: nil, to: quiet, model: nil),
            StatusChanges.lines(from: quiet, to: ill, model: nil),
            StatusChanges.lines(from: ill, to: ill, model: nil), StatusChanges.lines(from: ill, to: quiet, model: nil),
            StatusChanges.lines(from: ill, to: empty, model: nil),
            StatusChanges.lines(from: quiet, to: ill, model: other),
        ]
        try Stored.expect(
            parts.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "--\n"),
            as: "status-changes-live.txt"
        )
    }

    @Test func aWatchedRolloutEndsWithItsExit() throws {
        let watching: RolloutView = try Stored.value("rollout-watching"),
            over: RolloutView = try Stored.value("rollout")
        #expect(RolloutChanges.exit(watching) == nil)
        #expect(RolloutChanges.exit(over) == .checkFailed)
        #expect(RolloutChanges.lines(from: over, to: over).isEmpty)
        try Stored.expect(
            (RolloutChanges.lines(from: nil, to: watching) + ["--"] + RolloutChanges.lines(from: watching, to: over))
                .joined(separator: "\n") + "\n",
            as: "rollout-changes.txt"
        )
    }

    @Test(
        arguments: [
            ([1, 2, 3, 4, 5, 6, 7, 8], 8, "▂▃▄▅▆▇██"), ([nil, 0, nil, 8], 4, "·▁·█"), ([0, 0], 2, "▁▁"),
            ([nil, nil], 2, ""),
            ([], 4, ""), ([1, 9, 1, 1], 2, "█▁"), ([.nan, .infinity, 4], 3, ""), ([.nan, 2, 4], 3, "·▅█"),
            ([-1, 8], 2, "▁█"), ([5], 0, ""),
        ] as [([Double?], Int, String)]
    )
    func sparklines(values: [Double?], width: Int, line: String) {
        #expect(BlockChart.line(values, width: width, top: values.contains(8) ? 8 : nil) == line)
    }

    @Test func valuesBeyondAllBoundsAreBlocksToo() {
        #expect(BlockChart.line([1e308, -1e308, 1e300], width: 3, bottom: -1e308, top: 1) == "█▁█")
        #expect(BlockChart.line([1e308, 1e308], width: 2, bottom: -1e308) == "▁▁")
    }

    @Test func aLineEndOfOneAnswerIsSeen() {
        let parts = [
            TokenDifference(mark: .same, text: "a\n", tokens: 1),
            TokenDifference(mark: .removed, text: "\n", tokens: 1),
            TokenDifference(mark: .added, text: "b\u{1b}[2J\nc", tokens: 2),
            TokenDifference(mark: .same, text: "", tokens: 0),
        ]
        #expect(
            RequestOutput.difference(parts).text(TextStyle(now: Self.now)) == """
                  a
                  [-␊-]
                  {+b␛[2J␊+}
                  {+c+}

                """
        )
    }

    @Test func barNeverLeavesItsWidth() {
        for share in [-1, 0, 0.3, 0.999, 1, 7, Double.nan, .infinity] {
            #expect(BlockChart.bar(share, width: 10).count == 10)
        }
        #expect(BlockChart.bar(0.3, width: 10) == "███░░░░░░░")
    }

    @Test func theLowestOfAStretchIsTold() {
        #expect(BlockChart.line([1, 0.5, 1, 1], width: 2, bottom: 0.5, top: 1, telling: .lowest) == "▁█")
    }

    @Test func markdownHoldsNoMarkupOfOthers() {
        #expect(IncidentMarkdown.escaped("<script>a|b`c*[x](y)\u{202e}\nz") == #"&lt;script\>a\|b\`c\*\[x\](y)�␊z"#)
    }

    @Test func onlyExportsAreMarkdown() {
        #expect(IncidentExport.writesMarkdown)
        #expect(!Promote.writesMarkdown)
    }

    @Test(arguments: [
        ("i-12", "/incidents/i-12"), ("ro-7", "/rollouts/ro-7"), ("d-88", "/drift/d-88"), ("b-3", "/drift"),
        ("01KAJ5W1T8Z3V0Q9M7R2X4B6CD", "/requests/01KAJ5W1T8Z3V0Q9M7R2X4B6CD"), ("ticket-bot", nil), ("i-0", nil),
        ("01kaj5w1t8z3v0q9m7r2x4b6cd", nil), ("ro-7x", nil), ("", nil),
    ])
    func pagesOfNumberedThings(text: String, path: String?) { #expect(Open.numberedPage(text)?.path == path) }

    @Test func framesFitTheTerminal() {
        let text = (1...10).map { "line \($0)\n" }.joined()
        let frame = Screen.redraw(text, columns: 80, rows: 6, ascii: false)
        #expect(frame.hasPrefix("\u{1b}[H") && frame.hasSuffix("\u{1b}[J"))
        #expect(frame.contains("line 4\u{1b}[K\n… 6 more lines\u{1b}[K\n") && !frame.contains("line 5"))
        #expect(Screen.redraw(text, columns: nil, rows: nil, ascii: true).contains("line 10"))
        let long = String(repeating: "x", count: 100) + "\nend\n"
        #expect(Screen.redraw(long, columns: 40, rows: 5, ascii: true).contains("end"))
        #expect(Screen.redraw(long, columns: 40, rows: 4, ascii: true).contains("... 2 more lines"))
        #expect(Screen.width("\u{1b}[31m✖ ab\u{1b}[0m") == 4)
    }

    @Test(arguments: 20...60)
    func narrowTablesKeepWhatMatters(columns: Int) throws {
        let view: StatusView = try Stored.value("status")
        let text = StatusOutput.show(view, model: nil).text(TextStyle(columns: columns, now: Self.now))
        #expect(text.contains("✖ failing") && text.contains("74 %"))
        if columns < 60 { #expect(!text.contains("ERRORS")) }
    }
}
