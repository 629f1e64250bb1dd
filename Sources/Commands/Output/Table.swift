/// Rows under short headings, without lines; figures stand to the right.
struct Table: Hashable, Sendable {
    /// A column of a table.
    struct Column: Hashable, Sendable {
        let title: String
        var isFigure = false
        /// Shown only with `-o wide`.
        var isWide = false
        /// Whether this column gives way when the line is too long for the terminal.
        var mayShrink = false
        /// Whether this column goes below its row when the line is too long for the terminal: never cut, to be copied.
        var mayGoBelow = false
        /// Whether this column is left out when the line is too long for the terminal; the last one first.
        var isSpare = false

        static func text(_ title: String) -> Column { Column(title: title) }
        static func figure(_ title: String) -> Column { Column(title: title, isFigure: true) }
        static func long(_ title: String) -> Column { Column(title: title, mayShrink: true) }
        static func note(_ title: String) -> Column { Column(title: title, mayGoBelow: true) }
        static func spare(_ title: String) -> Column { Column(title: title, isSpare: true) }
        static func spareFigure(_ title: String) -> Column { Column(title: title, isFigure: true, isSpare: true) }
        static func wide(_ title: String) -> Column { Column(title: title, isWide: true) }
    }

    let columns: [Column]
    private(set) var rows: [[Cell]] = []
    /// Spaces before each line.
    var indent = 0

    init(_ columns: Column..., indent: Int = 0) {
        self.columns = columns
        self.indent = indent
    }

    /// Adds a row; missing cells stay empty.
    mutating func row(_ cells: Cell...) { rows.append(cells) }

    /// The lines of the table; none without rows.
    func lines(_ style: TextStyle) -> [String] {
        guard !rows.isEmpty else { return [] }
        var shown = columns.indices.filter { style.wide || !columns[$0].isWide }
        var below: [Int] = []
        var widths = shown.map { width(of: $0, style) }
        func excess() -> Int {
            style.columns.map { indent + widths.reduce(0, +) + 2 * max(0, widths.count - 1) - $0 } ?? 0
        }
        while excess() > 0, let place = shown.lastIndex(where: { columns[$0].mayGoBelow }) {
            below.insert(shown.remove(at: place), at: 0)
            widths.remove(at: place)
        }
        var leftOut: [String] = []
        while excess() > 0, let place = shown.lastIndex(where: { columns[$0].isSpare }) {
            leftOut.insert(columns[shown.remove(at: place)].title.lowercased(), at: 0)
            widths.remove(at: place)
        }
        for place in shown.indices where excess() > 0 && columns[shown[place]].mayShrink {
            widths[place] = min(widths[place], max(12, widths[place] - excess()))
        }
        // On a terminal as narrow as a telephone, what does not fit beside stands below: nothing is wrapped into columns
        // that are no longer columns.
        while excess() > 0, shown.count > 1 {
            below.insert(shown.removeLast(), at: 0)
            widths.removeLast()
        }
        var lines: [String] = []
        if columns.contains(where: { !$0.title.isEmpty }) {
            lines.append(line(columns.map { Cell($0.title, .faint) }, shown: shown, widths: widths, style))
        }
        for row in rows {
            lines.append(line(row, shown: shown, widths: widths, style))
            for index in below where index < row.count && !row[index].text.isEmpty {
                let title = columns[index].title
                let label = Cell(title.isEmpty ? "" : "\(title.lowercased()): ", .faint)
                lines.append(String(repeating: " ", count: indent + 4) + label.drawn(style) + row[index].drawn(style))
            }
        }
        if !leftOut.isEmpty {
            let note = Cell("no room here for: \(leftOut.joined(separator: ", "))", .faint)
            lines.append(String(repeating: " ", count: indent) + note.drawn(style))
        }
        return lines
    }

    /// Character cells that a column needs.
    private func width(of index: Int, _ style: TextStyle) -> Int {
        rows.map { index < $0.count ? DisplayWidth.of($0[index].plain(style)) : 0 }
            .reduce(DisplayWidth.of(columns[index].title), max)
    }

    private func line(_ cells: [Cell], shown: [Int], widths: [Int], _ style: TextStyle) -> String {
        var line = String(repeating: " ", count: indent)
        for (place, index) in shown.enumerated() {
            let cell = index < cells.count ? cells[index] : ""
            let width = widths[place]
            let space = max(0, width - DisplayWidth.of(cell.plain(style)))
            let fill = String(repeating: " ", count: space)
            let drawn = cell.drawn(style, cutTo: width)
            let isLast = place == shown.count - 1
            line += columns[index].isFigure ? fill + drawn : isLast ? drawn : drawn + fill
            if !isLast { line += "  " }
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
