/// Finds the word that was probably meant.
public enum NearName {
    /// The word of `known` nearest to `word`, ties to the first; nil when none is within a third of its length.
    public static func nearest(to word: String, in known: [String]) -> String? {
        let written = Array(word.utf8.prefix(64))
        let limit = min(3, written.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = distance(written.map(lowercased), candidate.utf8.map(lowercased))
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.word
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5a).contains(byte) ? byte + 0x20 : byte
    }

    /// The fewest insertions, deletions, replacements and swaps of neighbours that turn one into the other
    /// (optimal string alignment; Damerau, 1964).
    public static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, leftByte) in left.enumerated() {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for (column, rightByte) in right.enumerated() {
                var cost = min(
                    last[column + 1] + 1,
                    current[column] + 1,
                    last[column] + (leftByte == rightByte ? 0 : 1)
                )
                if row > 0, column > 0, leftByte == right[column - 1], left[row - 1] == rightByte {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
