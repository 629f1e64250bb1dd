import ArgumentParser
import Foundation
import RegistryTypes
import Testing
import WireFormat

@testable import Commands

struct OutputTests {
    private let style = TextStyle(now: Timestamp(milliseconds: 0))

    @Test func tablesAlign() throws {
        var table = Table(.text("NAME"), .figure("n"), .long("WHY"), .wide("MORE"), indent: 2)
        table.row("a", "1", "because of a long reason", "x")
        table.row("日本", "1,000", StatusCell.fail("worse"), "yy")
        table.row("short")
        func drawn(_ change: (inout TextStyle) -> Void) -> String {
            var style = style
            change(&style)
            return Report { $0.table(table) }.text(style)
        }
        let all = [
            "plain": drawn { _ in }, "wide": drawn { $0.wide = true }, "ascii": drawn { $0.ascii = true },
            "narrow": drawn { $0.columns = 30 }, "colour": drawn { $0.colour = true },
        ]
        try Stored.expect(all.sorted { $0.key < $1.key }.map { "# \($0.key)\n\($0.value)" }.joined(), as: "table.txt")
        #expect(Report { $0.table(Table(.text("NAME"))) }.text(style) == "")
    }

    @Test(arguments: [ProgressChoice.none, .plain, .bar])
    func progress(mode: ProgressChoice) throws {
        var style = style
        style.columns = 70
        var line = ProgressLine("canary c-1", mode: mode, unit: .requests, style: style)
        var text = ""
        for done in stride(from: 0, through: 40, by: 4) {
            text += line.update(WorkProgress(done: done, total: 40, elapsedSeconds: Double(done) / 20))
        }
        text += line.update(WorkProgress(done: 40, total: 40, elapsedSeconds: 2.01)) + line.close() + line.close()
        let shown = text.replacingOccurrences(of: "\r", with: "<CR>").replacingOccurrences(
            of: "\u{1b}[K",
            with: "<CLEAR>\n"
        )
        try Stored.expect(shown, as: "progress-\(mode.rawValue).txt")
    }

    @Test func progressOfNothingIsNoDivision() {
        var line = ProgressLine("x", mode: .bar, unit: .bytes, style: style)
        #expect(line.update(WorkProgress(done: 0, total: 0, elapsedSeconds: 0)).contains("0 %"))
    }

    @Test func valuesCarryTheirKind() throws {
        let list = ListAnswer(items: [TagCount(tag: "locale", value: "de: \"x\"", count: 3)], next: "7")
        #expect(
            try Envelope(kind: "TagList", value: list).json() == """
                {
                  "apiVersion" : "serin/v1",
                  "items" : [
                    {
                      "count" : 3,
                      "tag" : "locale",
                      "value" : "de: \\"x\\""
                    }
                  ],
                  "kind" : "TagList",
                  "next" : "7"
                }

                """
        )
        #expect(
            try Envelope(kind: "TagList", value: list).yaml() == """
                apiVersion: serin/v1
                kind: TagList
                items:
                  - count: 3
                    tag: locale
                    value: "de: \\"x\\""
                next: "7"

                """
        )
    }

    @Test(arguments: [
        ("plain", "plain"), ("serin/v1", "serin/v1"), ("a.b-c_d", "a.b-c_d"), ("yes", "\"yes\""), ("No", "\"No\""),
        ("null", "\"null\""),
        ("1e3", "\"1e3\""), ("0x1f", "\"0x1f\""), ("2026-11-21", "\"2026-11-21\""), ("~", "\"~\""), ("", "\"\""),
        (" a", "\" a\""),
        ("a: b", "\"a: b\""), ("- a", "\"- a\""), ("#c", "\"#c\""), ("a\nb", "\"a\\nb\""), ("tab\t", "\"tab\\t\""),
        ("q\"\\", "\"q\\\"\\\\\""),
        ("\u{1b}[2J", "\"\\u001b[2J\""), ("\u{85}", "\"\\u0085\""), ("\u{2028}", "\"\\u2028\""), ("ü", "\"ü\""),
        ("&a", "\"&a\""), ("y", "\"y\""),
    ])
    func yamlTextIsNeverTakenForAnythingElse(text: String, yaml: String) {
        #expect(YAMLText.of(.text(text)) == yaml + "\n")
    }

    @Test func wholeNumbersStayWhole() throws {
        let json = Data(#"{"seed":18446744073709551615,"n":-3,"x":0.1,"e":1e300,"b":true,"z":null,"l":[],"o":{}}"#.utf8)
        let value = try JSONDecoder().decode(ExactJSON.self, from: json)
        #expect(
            YAMLText.of(value) == """
                b: true
                e: 1e+300
                l: []
                "n": -3
                o: {}
                seed: 18446744073709551615
                x: 0.1
                z: null

                """
        )
    }

    @Test(arguments: [("a/b/week47.jsonl", "week47"), ("x", "x"), ("a.b.jsonl", "a.b"), ("", "")])
    func stems(path: String, stem: String) { #expect(TrafficImportVerb.stem(path) == stem) }

    @Test(arguments: [
        ("r12", 12), ("12", 12), ("r0", nil), ("", nil), ("r", nil), ("-1", nil), ("r12x", nil), ("r99999999999", nil),
    ])
    func releaseNumbers(text: String, number: Int?) {
        #expect((try? ReleaseNumber.read(text, flag: "--to")) == number)
    }

    @Test func pairsAreRead() throws {
        #expect(try KeyValues.read(["a=1", "b==x="], flag: "--set", example: "") == ["a": "1", "b": "=x="])
        for bad in [["a"], ["=1"], ["a=1", "a=2"]] {
            #expect(throws: CommandsError.self) { try KeyValues.read(bad, flag: "--set", example: "") }
        }
    }

    @Test func verdictsThatFail() throws {
        #expect(try VerdictOptions.parse([]).failing() == [.fail, .inconclusive, .marginal, .invalid])
        #expect(try VerdictOptions.parse(["--fail-on", "fail"]).failing() == [.fail])
        #expect(try VerdictOptions.parse(["--fail-on", "none"]).failing() == [])
        for bad in ["pass", "fail;inconclusive", "Fail"] {
            #expect(throws: CommandsError.self) { try VerdictOptions.parse(["--fail-on", bad]).failing() }
        }
    }
}
