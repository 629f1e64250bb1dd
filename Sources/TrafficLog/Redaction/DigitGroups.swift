/// A number as a row of groups of digits with separators between them.
struct DigitGroups {
    /// The groups, in order; no letter touches any of them.
    private(set) var groups: [Range<Int>] = []

    /// Calls `body` with every row of groups in `span`; a group that a letter touches ends a row and is in none.
    static func forEach(in span: TextSpan, _ body: (DigitGroups) -> Void) {
        var row = DigitGroups()
        var index = span.lower
        while index < span.upper {
            guard ByteClasses.isDigit(span[index]) else {
                index += 1
                continue
            }
            let end = span.end(from: index, while: ByteClasses.isDigit)
            let isFree = span.mayStart(index) && span.mayEnd(end)
            if let last = row.groups.last, !isFree || !areNear(span, last.upperBound, index) {
                body(row)
                row.groups.removeAll(keepingCapacity: true)
            }
            if isFree { row.groups.append(index..<end) }
            index = end
        }
        if !row.groups.isEmpty { body(row) }
    }

    /// Whether one to three separators stand between two groups, and no sentence ends between them.
    private static func areNear(_ span: TextSpan, _ from: Int, _ to: Int) -> Bool {
        var index = from
        var count = 0
        while index < to {
            // A plus starts a number of its own, but is part of the row.
            let width = span[index] == 0x2b ? 1 : Separators.width(in: span, at: index)
            guard width > 0, count < 3 else { return false }
            if span[index] == 0x2e, index + 1 < to, span[index + 1] == 0x20 { return false }
            index += width
            count += 1
        }
        return count > 0
    }
}
