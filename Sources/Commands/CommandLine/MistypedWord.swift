/// Finds what was probably meant by a mistyped verb or flag.
///
/// Stricter than the near names of things, and aware of swapped neighbours: what it suggests may be copied and run.
enum MistypedWord {
    /// The words at most two edits away, nearest first, at most three.
    static func meant(_ word: String, among known: [String]) -> [String] {
        let wanted = Array(word.utf8)
        return known.map { (distance(wanted, Array($0.utf8)), $0) }
            .filter { $0.0 <= min(2, max(1, wanted.count / 2)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .prefix(3).map(\.1)
    }

    /// Optimal string alignment distance (Damerau, 1964): insert, delete, replace, or swap two neighbours.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard abs(left.count - right.count) <= 2, left.count < 64 else { return 3 }
        var before: [Int] = [], previous = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            before = previous
            previous = row
        }
        return previous[right.count]
    }
}
