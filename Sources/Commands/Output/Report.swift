/// What a verb tells a person: lines and tables, drawn once the style is known.
struct Report: Hashable, Sendable {
    /// A part of a report.
    enum Block: Hashable, Sendable {
        case line([Cell])
        case table(Table)
        case verbatim(String)
    }

    private(set) var blocks: [Block] = []

    init() {}

    init(_ build: (inout Report) -> Void) { build(&self) }

    /// Adds a line of pieces that stand side by side.
    mutating func line(_ cells: Cell...) { blocks.append(.line(cells)) }
    /// The same of pieces that are not known before.
    mutating func line(_ cells: [Cell]) { blocks.append(.line(cells)) }
    /// Adds a table, when it has rows.
    mutating func table(_ table: Table) { if !table.rows.isEmpty { blocks.append(.table(table)) } }
    /// Adds an empty line, unless nothing stands above.
    mutating func blank() { if !blocks.isEmpty { blocks.append(.line([])) } }
    /// Adds text whose line ends are kept, such as a card.
    mutating func verbatim(_ text: String) { blocks.append(.verbatim(text)) }
    /// Adds another report.
    mutating func add(_ other: Report) { blocks += other.blocks }

    var isEmpty: Bool { blocks.isEmpty }

    /// The text, each line ended.
    func text(_ style: TextStyle) -> String {
        var lines: [String] = []
        for block in blocks {
            switch block {
            case .line(let cells): lines.append(cells.map { $0.drawn(style) }.joined())
            case .table(let table): lines += table.lines(style)
            case .verbatim(let text):
                lines.append(SafeText.lines(text).withoutLineEnd)
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
