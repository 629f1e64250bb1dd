import Foundation

/// The layer table of `docs/architecture.md`: which target may import what.
struct LayerTable {
    /// A row of the table.
    struct Row {
        let target: String
        /// The folder below the package, such as `Sources/Digests`.
        let path: String
        let ours: Set<String>
        let thirdParty: Set<String>
    }

    let rows: [Row]

    /// Reads the table below the header that starts with `| layer | target |`.
    init(markdown: String) {
        var rows: [Row] = []
        var inTable = false
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("| layer | target |") {
                inTable = true
                continue
            }
            guard inTable else { continue }
            guard line.hasPrefix("|") else { break }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, !cells[0].hasPrefix("---") else { continue }
            func names(_ cell: String) -> Set<String> {
                Set(cell.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0 != "–" })
            }
            for part in cells[1].split(separator: ",") {
                let words = part.split(separator: "`").map(String.init)
                guard let target = words.first(where: { !$0.trimmingCharacters(in: .whitespaces).isEmpty }) else {
                    continue
                }
                let path = words.last { $0.hasSuffix("/") }.map { String($0.dropLast()) } ?? "Sources/\(target)"
                rows.append(Row(target: target, path: path, ours: names(cells[3]), thirdParty: names(cells[4])))
            }
        }
        self.rows = rows
    }
}
