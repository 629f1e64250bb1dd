/// Selection in a matrix whose rows are sorted and which is never written out (Johnson & Mizoguchi 1978):
/// the medians of all pairwise means or differences of thousands of values, in memory of one row.
struct SortedRows {
    /// Columns of each row; row i holds columns `columns[i]`.
    let columns: [Range<Int>]
    /// Value at (row, column), not falling along a row.
    let value: (Int, Int) -> Double

    /// Number of entries.
    var count: Int { columns.reduce(0) { $0 + $1.count } }

    /// Median of all entries, the mean of the two middle ones when their number is even; nil for none.
    func median() -> Double? {
        let total = count
        guard total > 0 else { return nil }
        let upper = select(total / 2)
        return total.isMultiple(of: 2) ? (select(total / 2 - 1) + upper) / 2 : upper
    }

    /// The entry of 0-based rank `rank`.
    func select(_ rank: Int) -> Double {
        var rank = rank
        var open = columns
        while true {
            let remaining = open.reduce(0) { $0 + $1.count }
            if remaining <= max(64, 2 * open.count) {
                var rest: [Double] = []
                rest.reserveCapacity(remaining)
                for row in open.indices { for column in open[row] { rest.append(value(row, column)) } }
                rest.sort()
                return rest[min(max(rank, 0), rest.count - 1)]
            }
            let pivot = weightedMedianOfRowMedians(open, remaining)
            let below = open.indices.map { firstColumn(of: $0, in: open[$0]) { $0 >= pivot } }
            let countBelow = zip(open, below).reduce(0) { $0 + ($1.1 - $1.0.lowerBound) }
            if rank < countBelow {
                for row in open.indices { open[row] = open[row].lowerBound..<below[row] }
                continue
            }
            let beyond = open.indices.map { firstColumn(of: $0, in: below[$0]..<open[$0].upperBound) { $0 > pivot } }
            let countUpTo = zip(open, beyond).reduce(0) { $0 + ($1.1 - $1.0.lowerBound) }
            if rank < countUpTo { return pivot }
            for row in open.indices { open[row] = beyond[row]..<open[row].upperBound }
            rank -= countUpTo
        }
    }

    private func weightedMedianOfRowMedians(_ open: [Range<Int>], _ total: Int) -> Double {
        var medians: [(value: Double, weight: Int)] = []
        for row in open.indices where !open[row].isEmpty {
            let range = open[row]
            medians.append((value(row, range.lowerBound + range.count / 2), range.count))
        }
        medians.sort { $0.value < $1.value }
        var seen = 0
        for (value, weight) in medians {
            seen += weight
            if 2 * seen >= total { return value }
        }
        return medians[medians.count - 1].value
    }

    private func firstColumn(of row: Int, in range: Range<Int>, where holds: (Double) -> Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if holds(value(row, middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The rank-sum test on counts by bin: values of one bin are ties (Mann & Whitney 1947).
public struct BinnedRanks: Sendable, Equatable {
    /// Probability that a value of the second sample is above one of the first, ties counting one half.
    public let probabilityAbove: Double
    /// The normal statistic with tie correction, positive when the second sample is higher; 0 without spread.
    public let z: Double

    /// - Parameters:
    ///   - first: counts by bin, lowest bin first.
    ///   - second: counts by the same bins.
    /// - Returns: nil for bins that do not fit, a negative count or an empty sample.
    public init?(_ first: [Double], _ second: [Double]) {
        guard first.count == second.count, first.allSatisfy({ $0 >= 0 && $0.isFinite }),
            second.allSatisfy({ $0 >= 0 && $0.isFinite })
        else { return nil }
        let n = sum(first)
        let m = sum(second)
        guard n > 0, m > 0 else { return nil }
        let all = n + m
        var below = 0.0
        var pairs: [Double] = []
        var ties: [Double] = []
        for (x, y) in zip(first, second) {
            pairs.append(y * (below + x / 2))
            below += x
            let t = (x + y) / all
            ties.append(t * t * t)
        }
        probabilityAbove = sum(pairs) / (n * m)
        // n m / 12 (N + 1 - sum(t^3 - t) / (N (N - 1))), with t as shares so that large counts lose no digits.
        let spread = all * all * all * (1 - sum(ties)) / (all * (all - 1))
        let variance = all > 1 ? n * m / 12 * spread : 0
        z = variance > 0 ? (probabilityAbove - 0.5) * n * m / variance.squareRoot() : 0
    }

    /// Cliff's delta (1993), positive when the second sample is higher.
    public var cliffsDelta: Double { 2 * probabilityAbove - 1 }

    /// Two-sided p-value.
    public var pTwoSided: Double { min(1, 2 * StandardNormal.upperTail(abs(z))) }
}
