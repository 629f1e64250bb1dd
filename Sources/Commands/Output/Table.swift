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

        static func text(_ title: String) -> Column { Column(title: title) }
        static func figure(_ title: String) -> Column { Column(title: title, isFigure: true) }
        static func long(_ title: String) -> Column { Column(title: title, mayShrink: true) }
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
        let shown = columns.indices.filter { style.wide || !columns[$0].isWide }
        let hasTitles = columns.contains { !$0.title.isEmpty }
        var widths = shown.map { index in
            rows.map { index < $0.count ? DisplayWidth.of($0[index].plain(style)) : 0 }
                .reduce(DisplayWidth.of(columns[index].title), max)
        }
        if let limit = style.columns {
            let total = indent + widths.reduce(0, +) + 2 * max(0, widths.count - 1)
            if total > limit, let place = shown.firstIndex(where: { columns[$0].mayShrink }) {
                widths[place] = min(widths[place], max(12, widths[place] - (total - limit)))
            }
        }
        let titles = columns.map { Cell($0.title, .faint) }
        return ((hasTitles ? [titles] : []) + rows).map { line($0, shown: shown, widths: widths, style) }
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
