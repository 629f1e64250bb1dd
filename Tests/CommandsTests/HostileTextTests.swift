import Foundation
import RegistryTypes
import StrictJSON
import Testing
import WireFormat

@testable import Commands

/// One text with everything that hides, through every format that the command line writes: nothing of it gets out as it is,
/// and what is for programs means the same.
struct HostileTextTests {
    /// All that hides, each behind a letter, with what Markdown, XML, YAML and JSON could take for their own.
    static let text =
        (UInt32(0)...0xffff).compactMap(Unicode.Scalar.init).filter {
            HiddenScalars.contains($0.value) || HiddenScalars.isJoiner($0.value)
                || HiddenScalars.isSelector($0.value)
        }.map { "a\($0)" }.joined()
        + "\u{e0041}\u{e007f}❤\u{fe0f}\u{fe0f}b\u{e0101}<b>&\"'`*_[x](//evil.example)|#!\\ https://evil.example"

    static let formats: [(String, String)] = [
        ("line", SafeText.line(text)), ("lines", SafeText.lines(text)), ("markdown", IncidentMarkdown.escaped(text)),
        ("junit", JUnitReport.escaped(text)), ("json", (try? Envelope(kind: "T", value: [text: text]).json()) ?? ""),
        ("yaml", (try? Envelope(kind: "T", value: [text: text]).yaml()) ?? ""),
        ("error", ErrorReport(Problem(status: 500, title: text, detail: text, next: text, exit: 1)).json()),
        (
            "error text",
            ErrorReport(Problem(status: 500, title: text, detail: text, exit: 1))
                .text(TextStyle(now: Timestamp(milliseconds: 0)), isVerbose: true)
        ),
        (
            "report",
            Report { report in
                var table = Table(.text("A"), .text("B"))
                table.row(Cell(text), Cell(text))
                report.table(table)
                report.line(Cell(text))
                report.verbatim(text)
            }.text(TextStyle(now: Timestamp(milliseconds: 0)))
        ),
    ]

    @Test(arguments: formats.map(\.0))
    func nothingHiddenGetsOut(format: String) throws {
        let output = try #require(Self.formats.first { $0.0 == format }?.1)
        #expect(output.utf8.count > 300)
        var before: UInt32?
        for scalar in output.unicodeScalars {
            let isLayout = scalar == "\n" || scalar == "\t" && format != "line" && format != "markdown"
            #expect(
                isLayout || !HiddenScalars.hides(scalar.value, behind: before),
                "U+\(String(scalar.value, radix: 16))"
            )
            before = scalar.value
        }
    }

    /// No line of an address becomes a link in Markdown, and no markup of others is any.
    @Test func markdownStaysText() {
        let text = IncidentMarkdown.escaped("https://evil.example www.evil.example WWW.x ww.w <b> [x](y) a:b")
        let expected = #"https\://evil.example www\.evil.example WWW\.x ww.w &lt;b\> \[x\](y) a:b"#
        #expect(text == expected)
    }

    @Test func jsonMeansTheSame() throws {
        struct Read: Decodable { let kind: String }
        let json = try Envelope(kind: Self.text, value: [String: String]()).json()
        #expect(try Array(JSONDecoder().decode(Read.self, from: Data(json.utf8)).kind.utf8) == Array(Self.text.utf8))
    }
}
