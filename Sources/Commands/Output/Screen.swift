import Wording

/// A terminal that is drawn anew in place.
enum Screen {
    /// What to write so that the terminal shows `text` from its upper left corner and nothing else.
    ///
    /// Each line is cleared behind its end instead of the whole screen before, so that nothing flickers; lines that
    /// do not fit below each other are counted instead of scrolled away.
    static func redraw(_ text: String, columns: Int?, rows: Int?, ascii: Bool) -> String {
        var lines = text.withoutLineEnd.lines
        if let rows, rows > 2 {
            var free = rows - 1
            var shown = 0
            while shown < lines.count {
                let height = columns.map { max(1, (width(lines[shown]) + $0 - 1) / max(1, $0)) } ?? 1
                let isLast = shown == lines.count - 1
                guard height <= (isLast ? free : free - 1) else { break }
                free -= height
                shown += 1
            }
            if shown < lines.count {
                let rest = lines.count - shown
                lines = lines.prefix(shown) + ["\(ascii ? "..." : "…") \(NumberText.count(rest, "more line"))"]
            }
        }
        return "\u{1b}[H" + lines.map { $0 + "\u{1b}[K\n" }.joined() + "\u{1b}[J"
    }

    /// Character cells of a drawn line, whose only escape sequences are our own colours.
    static func width(_ line: String) -> Int {
        var plain = String.UnicodeScalarView()
        var isEscape = false
        for scalar in line.unicodeScalars {
            if isEscape {
                isEscape = scalar != "m"
            } else if scalar == "\u{1b}" {
                isEscape = true
            } else {
                plain.append(scalar)
            }
        }
        return DisplayWidth.of(String(plain))
    }
}
