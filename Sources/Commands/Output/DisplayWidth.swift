/// How many character cells a text takes on a terminal.
enum DisplayWidth {
    /// The width of `text` in cells: East Asian wide and emoji characters take two.
    static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + of($1) }
    }

    static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first else { return 0 }
        let value = first.value
        if value < 0x300 { return 1 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        let isWide =
            (0x1100...0x115f).contains(value) || (0x2e80...0x303e).contains(value)
            || (0x3041...0xa4cf).contains(value) || (0xac00...0xd7a3).contains(value)
            || (0xf900...0xfaff).contains(value) || (0xfe30...0xfe6f).contains(value)
            || (0xff00...0xff60).contains(value) || (0xffe0...0xffe6).contains(value)
            || (0x1f300...0x1faff).contains(value) || (0x20000...0x3fffd).contains(value)
        return isWide || character.unicodeScalars.contains { $0.value == 0xfe0f } ? 2 : 1
    }

    /// `text`, at most `width` cells wide; what was cut shows as an ellipsis.
    static func cut(_ text: String, to width: Int, ascii: Bool = false) -> String {
        guard of(text) > width else { return text }
        let mark = ascii ? "..." : "…"
        guard width > mark.count else { return String(mark.prefix(max(0, width))) }
        var result = "", used = 0
        for character in text {
            let next = of(character)
            if used + next > width - mark.count { break }
            result.append(character)
            used += next
        }
        return result + mark
    }

    /// `text` filled with spaces to `width` cells.
    static func pad(_ text: String, to width: Int, right: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - of(text)))
        return right ? space + text : text + space
    }
}
