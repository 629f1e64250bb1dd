import WireFormat

/// Two texts compared line by line: the longest common subsequence, removed lines before added ones.
enum LineComparison {
    /// The most lines of a text that are compared one by one; longer texts are shown as replaced.
    private static let limit = 1_000

    /// The lines of both texts in order.
    static func lines(_ left: [String], _ right: [String], section: String) -> [DiffLine] {
        var result: [DiffLine] = []
        // Myers' comparison (1986) takes time with the product of lines and differences.
        guard left.count <= limit, right.count <= limit else {
            return left.map { DiffLine(kind: .removed, section: section, text: $0) }
                + right.map { DiffLine(kind: .added, section: section, text: $0) }
        }
        let difference = right.difference(from: left)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var leftIndex = 0
        var rightIndex = 0
        while leftIndex < left.count || rightIndex < right.count {
            if leftIndex < left.count, removed.contains(leftIndex) {
                result.append(DiffLine(kind: .removed, section: section, text: left[leftIndex]))
                leftIndex += 1
            } else if rightIndex < right.count, inserted.contains(rightIndex) {
                result.append(DiffLine(kind: .added, section: section, text: right[rightIndex]))
                rightIndex += 1
            } else if leftIndex < left.count {
                result.append(DiffLine(kind: .same, section: section, text: left[leftIndex]))
                leftIndex += 1
                rightIndex += 1
            } else {
                break
            }
        }
        return result
    }
}
