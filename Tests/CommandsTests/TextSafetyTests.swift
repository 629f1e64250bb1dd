import RegistryTypes
import Testing

@testable import Commands

/// What a model, a name or a message can hold must not reach the terminal as anything but text.
struct TextSafetyTests {
    static let hostile = [
        "\u{1b}[2J\u{1b}[H", "\u{1b}]0;title\u{07}", "a\rb", "a\nb", "\u{9b}31m", "abc\u{202e}fdp.exe",
        "\u{2066}x\u{2069}",
        "\u{7f}", "a\u{0}b", "line\u{2028}sep", "\u{8}\u{8}\u{8}", "\u{200f}", "\u{61c}",
    ]

    @Test(arguments: hostile)
    func linesAreSafe(text: String) {
        for scalar in SafeText.line(text).unicodeScalars {
            #expect(scalar.value >= 0x20 && !(0x7f...0x9f).contains(scalar.value))
            #expect(!(0x202a...0x202e).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
            #expect(scalar.value != 0x2028 && scalar.value != 0x200f && scalar.value != 0x61c)
        }
    }

    @Test(arguments: hostile)
    func cellsAreSafeInEveryStyle(text: String) {
        for ascii in [false, true] {
            let style = TextStyle(ascii: ascii, colour: false, now: Timestamp(milliseconds: 0))
            var table = Table(.text(text), .text("x"))
            table.row(Cell(text), "y")
            let drawn = Report { report in
                report.table(table)
                report.line(Cell(text))
            }.text(style)
            #expect(!drawn.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
            #expect(drawn.split(separator: "\n").count == 3)
        }
    }

    @Test func answersKeepTheirLines() {
        #expect(SafeText.lines("a\n\tb\u{1b}[0m") == "a\n\tb␛[0m")
        #expect(SafeText.line("plain ✔ text") == "plain ✔ text")
    }

    @Test(arguments: [
        ("abc", 3), ("", 0), ("✔ pass", 6), ("日本", 4), ("e\u{301}", 1), ("👍", 2), ("→−…", 3), ("한글", 4),
        ("\u{200b}", 0),
    ])
    func width(text: String, cells: Int) { #expect(DisplayWidth.of(text) == cells) }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("abc", 1, "…"), ("abc", 0, ""),
    ])
    func cut(text: String, width: Int, result: String) {
        #expect(DisplayWidth.cut(text, to: width) == result)
        #expect(DisplayWidth.of(DisplayWidth.cut(text, to: width)) <= width)
    }
}
