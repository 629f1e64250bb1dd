/// How alike two texts are as they are written, in Unicode scalars.
public enum EditSimilarity {
    /// The steps that a comparison may take: the length of the longer text times a 64th of the shorter one, about half a second.
    public static let maximumWork = 100_000_000

    /// 1 − distance ÷ length of the longer one, where the distance is the fewest scalars to put in, take out or replace
    /// (Levenshtein, 1965); 1 for two empty texts. nil when both are so long that it would take more than
    /// ``maximumWork``: a long text beside a short one always can be told.
    public static func of(_ left: String, _ right: String) -> Double? {
        let left = Array(left.unicodeScalars), right = Array(right.unicodeScalars)
        guard let distance = distance(left, right) else { return nil }
        let longest = max(left.count, right.count)
        return longest == 0 ? 1 : 1 - Double(distance) / Double(longest)
    }

    /// The share of `baseline`, in scalars, that `answer` begins with; nil when `baseline` is empty.
    public static func commonBeginning(of answer: String, _ baseline: String) -> Double? {
        var length = 0, common = 0
        var isSame = true
        var other = answer.unicodeScalars.makeIterator()
        for scalar in baseline.unicodeScalars {
            length += 1
            if isSame, other.next() == scalar { common += 1 } else { isSame = false }
        }
        return length == 0 ? nil : Double(common) / Double(length)
    }

    /// The distance, 64 places at a time (Myers, 1999, in the blocks of Hyyrö, 2003); nil when it would take too long.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int? {
        // What both begin or end with costs nothing.
        var start = 0
        let shorter = min(left.count, right.count)
        while start < shorter, left[start] == right[start] { start += 1 }
        var tail = 0
        while tail < shorter - start, left[left.count - 1 - tail] == right[right.count - 1 - tail] { tail += 1 }
        let first = Array(left[start..<(left.count - tail)]), second = Array(right[start..<(right.count - tail)])
        let (short, long) = first.count <= second.count ? (first, second) : (second, first)
        guard !short.isEmpty else { return long.count }
        let blocks = (short.count + 63) / 64
        guard blocks <= maximumWork / long.count else { return nil }
        let places = BitPlaces(short), none = [UInt64](repeating: 0, count: blocks)
        var up = [UInt64](repeating: .max, count: blocks), down = none
        let lastBit: UInt64 = 1 << UInt64((short.count - 1) % 64)
        var distance = short.count
        for scalar in long {
            let equals = places.blocks(of: scalar) ?? none
            // The upper edge of the table grows by one with each scalar.
            var step = 1
            for block in 0..<blocks {
                var equal = equals[block]
                let crossing = equal | down[block]
                if step < 0 { equal |= 1 }
                let match = (((equal & up[block]) &+ up[block]) ^ up[block]) | equal
                var rises = down[block] | ~(match | up[block])
                var falls = up[block] & match
                let edge: UInt64 = block == blocks - 1 ? lastBit : 1 << 63
                let next = rises & edge != 0 ? 1 : falls & edge != 0 ? -1 : 0
                rises <<= 1
                falls <<= 1
                if step < 0 { falls |= 1 } else if step > 0 { rises |= 1 }
                up[block] = falls | ~(crossing | rises)
                down[block] = rises & crossing
                step = next
            }
            distance += step
        }
        return distance
    }
}

/// How alike two places of one space are.
public enum CosineSimilarity {
    /// The cosine of the angle between them, in double precision, exactly 1 for equal ones; nil where one is not known, they
    /// have different lengths, or one is no direction.
    public static func of(_ left: [Float]?, _ right: [Float]?) -> Double? {
        guard let left, let right, left.count == right.count, !left.isEmpty else { return nil }
        var product = 0.0, leftSquares = 0.0, rightSquares = 0.0
        for (one, other) in zip(left, right) {
            product += Double(one) * Double(other)
            leftSquares += Double(one) * Double(one)
            rightSquares += Double(other) * Double(other)
        }
        guard leftSquares > 0, rightSquares > 0 else { return nil }
        // The root of a square is exact, so that equal places give 1.
        let cosine = product / (leftSquares * rightSquares).squareRoot()
        return cosine.isFinite ? min(1, max(-1, cosine)) : nil
    }
}
