/// Rank-sum test of two independent samples (Mann & Whitney 1947).
public struct MannWhitney: Sendable, Equatable {
    /// Number of pairs (x, y) with x > y, ties counting one half.
    public let u: Double
    private let first: [Double]
    private let second: [Double]
    private let tieTerm: Double

    /// - Returns: nil when a sample is empty or has values that are not finite.
    public init?(_ first: [Double], _ second: [Double]) {
        guard !first.isEmpty, !second.isEmpty, first.allSatisfy(\.isFinite), second.allSatisfy(\.isFinite)
        else { return nil }
        self.first = first
        self.second = second
        let (ranks, tieTerm) = midRanks(first + second)
        let n = Double(first.count)
        u = sum(Array(ranks[..<first.count])) - n * (n + 1) / 2
        self.tieTerm = tieTerm
    }

    /// Probability that a value of the first sample exceeds one of the second, ties counting one half.
    public var probabilityGreater: Double { u / (Double(first.count) * Double(second.count)) }

    /// Cliff's delta (1993): 2 P(x > y) - 1.
    public var cliffsDelta: Double { 2 * probabilityGreater - 1 }

    /// Median of all differences x - y (Hodges & Lehmann 1963).
    public var shift: Double {
        let x = first.sorted()
        let y = Array(second.sorted().reversed())
        let rows = SortedRows(columns: x.map { _ in y.indices }) { x[$0] - y[$1] }
        return rows.median() ?? 0
    }

    /// p-value from the exact null distribution; nil with ties or more than 400 values.
    public func pExact(_ alternative: Alternative) -> Double? {
        let n = first.count
        let m = second.count
        guard tieTerm == 0, n + m <= 400 else { return nil }
        // share[j][s]: of the orders of i x-values and j y-values, the share with u = s.
        var previous = [[Double]](repeating: [1], count: m + 1)
        for i in 1...n {
            var current: [[Double]] = [[1]]
            for j in 1...m {
                var row = [Double](repeating: 0, count: i * j + 1)
                let xLast = Double(i) / Double(i + j)
                for (s, share) in previous[j].enumerated() { row[s + j] += xLast * share }
                for (s, share) in current[j - 1].enumerated() { row[s] += (1 - xLast) * share }
                current.append(row)
            }
            previous = current
        }
        let shares = previous[m]
        let observed = Int(u)
        let above = sum(Array(shares[observed...]))
        let below = sum(Array(shares[...observed]))
        switch alternative {
        case .greater: return min(1, above)
        case .less: return min(1, below)
        case .twoSided: return min(1, 2 * min(above, below))
        }
    }

    /// p-value from the normal approximation with tie correction; 1 when every value is the same.
    public func pNormal(_ alternative: Alternative, continuity: Bool) -> Double {
        let n = Double(first.count)
        let m = Double(second.count)
        let all = n + m
        let variance = n * m / 12 * ((all + 1) - tieTerm / (all * (all - 1)))
        guard variance > 0 else { return 1 }
        let half = continuity ? 0.5 : 0
        let excess = u - n * m / 2
        let deviation = variance.squareRoot()
        switch alternative {
        case .greater: return StandardNormal.upperTail((excess - half) / deviation)
        case .less: return StandardNormal.upperTail((-excess - half) / deviation)
        case .twoSided: return min(1, 2 * StandardNormal.upperTail((abs(excess) - half) / deviation))
        }
    }
}
