import RegistryTypes

/// How text for a person is drawn: decided once from flags, environment and terminal, then passed to every report.
struct TextStyle: Hashable, Sendable {
    /// Whether signs and bars are drawn with ASCII only.
    var ascii = false
    /// Whether tones become colours.
    var colour = false
    /// Whether tables show their wide columns.
    var wide = false
    /// Character cells in a line; nil when the output is no terminal and nothing is cut.
    var columns: Int?
    /// The moment ages are counted to.
    var now: Timestamp
}

/// The signs we draw, and what stands for each where only ASCII can be shown.
enum Symbols {
    private static let ascii: [Unicode.Scalar: String] = [
        "✔": "[ok]", "✖": "[FAIL]", "▲": "[!]", "◷": "[wait]", "◌": "[..]", "•": "[?]",
        "−": "-", "–": "-", "—": "-", "→": "->", "←": "<-", "…": "...", "×": "x", "·": ".", "≥": ">=", "≤": "<=",
        "≠": "!=", "∞": "inf", "±": "+-",
        "█": "#", "░": ".", "▏": "|", "│": "|", "┤": "|", "├": "|", "─": "-", "●": "*", "△": "^",
        "▁": "_", "▂": "_", "▃": "-", "▄": "-", "▅": "=", "▆": "=", "▇": "#",
        "\u{201c}": "\"", "\u{201d}": "\"", "⟦": "[[", "⟧": "]]", "↵": "\\n",
    ]

    /// `text` in the characters the style allows; only our own signs are replaced.
    static func drawn(_ text: String, _ style: TextStyle) -> String {
        guard style.ascii, text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if let replacement = ascii[scalar] {
                result += replacement
            } else if (0x2400...0x2421).contains(scalar.value) || scalar.value == 0xfffd {
                result += "?"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
