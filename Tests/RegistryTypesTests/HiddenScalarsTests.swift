import Foundation
import StrictJSON
import Testing

/// Characters that nobody sees for what they are become symbols, or escapes; letters and signs of every script stay.
struct HiddenScalarsTests {
    /// Every scalar that Unicode itself calls a control, a separator of lines, or invisible.
    static let hidden = (UInt32(0)...0x10ffff).compactMap(Unicode.Scalar.init).filter { scalar in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: !isVisible(scalar.value)
        default:
            scalar.properties.isBidiControl
                || scalar.properties.isDefaultIgnorableCodePoint && !HiddenScalars.isSelector(scalar.value)
        }
    }

    /// Format characters that are drawn: signs of the Arabic and other scripts that stand around numbers, and notation.
    private static func isVisible(_ value: UInt32) -> Bool {
        switch value {
        case 0x600...0x605, 0x6dd, 0x70f, 0x890...0x891, 0x8e2, 0x110bd, 0x110cd, 0x13430...0x1345f:
            true
        default: false
        }
    }

    @Test func nothingHiddenIsShown() {
        #expect(Self.hidden.count > 150)
        for scalar in Self.hidden {
            for text in ["\(scalar)", "a\(scalar)b", "pay\(scalar)\(scalar)pal"] {
                let shown = HiddenScalars.shown(text)
                #expect(!shown.unicodeScalars.contains(scalar), "U+\(String(scalar.value, radix: 16))")
                #expect(shown.unicodeScalars.count == text.unicodeScalars.count)
            }
        }
    }

    /// What chooses a shape stands behind what has one: all that Unicode calls a variation selector.
    @Test func aSelectorStaysAloneBehindWhatItIsFor() {
        let selectors = [UInt32(0x1800)...0x180f, 0xfe00...0xfe0f, 0xe0100...0xe01ef].joined()
            .compactMap(Unicode.Scalar.init).filter(\.properties.isVariationSelector)
        #expect(selectors.count == 260)
        for selector in selectors {
            for text in ["\(selector)", "a\(selector)b", "7\(selector)8", "-\(selector)", "\u{200d}\(selector)"] {
                let isKey = selector.value == 0xfe0f && text.utf8.first == 0x37
                let shown = HiddenScalars.shown(text)
                #expect(shown.unicodeScalars.contains(selector) == isKey, "U+\(String(selector.value, radix: 16))")
                #expect(shown.unicodeScalars.count == text.unicodeScalars.count)
            }
            let row = String(String.UnicodeScalarView(["❤", selector, selector, selector]))
            #expect(HiddenScalars.shown(row).unicodeScalars.map(\.value) == [0x2764, selector.value, 0xfffd, 0xfffd])
        }
    }

    @Test(arguments: [
        "plain ✔ text", "1️⃣ #️⃣", "❤️‍🔥", "葛󠄀城", "ᠠ᠋", "ä€😀 日本 한글", "👩‍🚀 👍🏽 ❤️", "می‌خواهم", "क्‍ष", "e\u{301}", "עברית עם מספר 12",
        "→ − …",
    ])
    func whatPeopleWriteStays(text: String) {
        #expect(HiddenScalars.shown(text) == text)
    }

    @Test func linesStayWhereTheyShould() {
        #expect(HiddenScalars.shown("a\n\tb\u{1b}[0m", keepsLines: true) == "a\n\tb␛[0m")
        #expect(HiddenScalars.shown("a\n\tb") == "a␊␉b")
        #expect(HiddenScalars.shown("x\u{7f}\u{9b}\u{202e}") == "x␡\u{fffd}\u{fffd}")
    }

    /// JSON says the same, without any of them.
    @Test func jsonIsEscapedAndMeansTheSame() throws {
        let texts =
            Self.hidden.map { "a\($0)\"\\b" } + [
                "❤️", "❤\u{fe0f}\u{fe0f}", "a\u{e0101}", "\u{fe00}", "1️⃣", "👩‍🚀 می‌خواهم", "plain", "e\u{301}<\u{338}",
            ]
        let json = try JSONText.encode(texts)
        let text = String(decoding: json, as: UTF8.self)
        #expect(!text.unicodeScalars.contains { HiddenScalars.contains($0.value) || HiddenScalars.isJoiner($0.value) })
        #expect(
            try JSONDecoder().decode([String].self, from: Data(json)).map { Array($0.utf8) }
                == texts.map { Array($0.utf8) }
        )
        #expect(try JSONText.decode([String].self, from: json).map { Array($0.utf8) } == texts.map { Array($0.utf8) })
        #expect(try JSONText.encode(["key\u{202e}": 1]) == Array(#"{"key\u202e":1}"#.utf8))
        #expect(try JSONText.encode(["a\u{e0101}❤\u{fe0f}"]) == Array("[\"a\\udb40\\udd01❤\u{fe0f}\"]".utf8))
        #expect(try JSONText.encode(["\u{e0041}"]) == Array(#"["\udb40\udc41"]"#.utf8))
    }
}
