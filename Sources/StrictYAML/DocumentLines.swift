/// The lines of a file, cut at the `---` lines. YAML ends every text at such a line, so the cut is exact.
struct DocumentLines {
    private let lines: [ArraySlice<UInt8>]
    private let starts: [Int]

    init(_ bytes: [UInt8]) {
        lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
        starts = [0] + lines.indices.dropFirst().filter { [lines] in DocumentLines.isMarker(lines[$0]) }
    }

    /// The text of the document that has something in `line`, from 1 on.
    func source(at line: Int) -> String {
        let next = starts.firstIndex { $0 > line - 1 } ?? starts.endIndex
        let first = starts[max(0, next - 1)]
        let end = next < starts.endIndex ? starts[next] : lines.endIndex
        let joined = lines[first..<max(first, min(end, lines.endIndex))].joined(separator: [0x0a])
        let text = String(decoding: Array(joined), as: UTF8.self)
        return end < lines.endIndex ? text + "\n" : text
    }

    /// Whether the blanks at the start of `line`, from 1 on, have a tab among them.
    func isIndentedWithTab(_ line: Int) -> Bool {
        guard lines.indices.contains(line - 1) else { return false }
        return lines[line - 1].prefix { $0 == 0x20 || $0 == 0x09 }.contains(0x09)
    }

    private static func isMarker(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "---".utf8) else { return false }
        guard let next = line.dropFirst(3).first else { return true }
        return next == 0x20 || next == 0x09 || next == 0x0d
    }
}
