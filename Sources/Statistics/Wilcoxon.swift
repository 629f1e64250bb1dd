/// Which side a rank test looks at.
public enum Alternative: String, Sendable {
    /// Different in either direction.
    case twoSided = "two-sided"
    /// Shifted upwards.
    case greater
    /// Shifted downwards.
    case less
}

/// Signed-rank test of paired differences (Wilcoxon 1945), shown beside the mean, never deciding.
public struct Wilcoxon: Sendable, Equatable {
    /// What happens to differences of zero.
    public enum Zeros: String, Sendable {
        /// Dropped before ranking (Wilcoxon 1945).
        case dropped = "wilcox"
        /// Ranked, then dropped (Pratt 1959).
        case pratt
    }

    /// Sum of the ranks of positive differences among the non-zero ones.
    public let positiveRankSum: Double
    private let differences: [Double]

    /// - Parameter differences: positive = candidate worse.
    /// - Returns: nil for no differences or values that are not finite.
    public init?(differences: [Double]) {
        guard !differences.isEmpty, differences.allSatisfy(\.isFinite) else { return nil }
        self.differences = differences
        positiveRankSum = Wilcoxon.rankSum(differences.filter { $0 != 0 }).positive
    }

    /// p-value from the exact null distribution; nil with zeros, ties or more than 400 differences.
    public func pExact(_ alternative: Alternative) -> Double? {
        let n = differences.count
        guard n <= 400, Wilcoxon.rankSum(differences).tieTerm == 0, !differences.contains(0) else { return nil }
        // Share of the 2^n sign patterns per rank sum, one difference at a time.
        var shares = [Double](repeating: 0, count: n * (n + 1) / 2 + 1)
        shares[0] = 1
        for rank in 1...n {
            let reach = rank * (rank + 1) / 2
            for total in stride(from: reach, through: 0, by: -1) {
                shares[total] = 0.5 * (shares[total] + (total >= rank ? shares[total - rank] : 0))
            }
        }
        let observed = Int(positiveRankSum)
        let below = sum(Array(shares[...observed]))
        let above = sum(Array(shares[observed...]))
        switch alternative {
        case .greater: return min(1, above)
        case .less: return min(1, below)
        case .twoSided: return min(1, 2 * min(below, above))
        }
    }

    /// p-value from the normal approximation with tie correction; 1 when every difference is zero.
    public func pNormal(_ alternative: Alternative, zeros: Zeros = .pratt, continuity: Bool = false) -> Double {
        let nonZero = differences.filter { $0 != 0 }
        guard !nonZero.isEmpty else { return 1 }
        let zeroCount = zeros == .pratt ? Double(differences.count - nonZero.count) : 0
        let ranked = zeros == .pratt ? Wilcoxon.rankSum(differences) : Wilcoxon.rankSum(nonZero)
        let n = Double(nonZero.count) + zeroCount
        let mean = (n * (n + 1) - zeroCount * (zeroCount + 1)) / 4
        let spread = n * (n + 1) * (2 * n + 1) - zeroCount * (zeroCount + 1) * (2 * zeroCount + 1)
        let variance = (spread - ranked.tieTerm / 2) / 24
        guard variance > 0 else { return 1 }
        var excess = ranked.positive - mean
        if continuity {
            switch alternative {
            case .greater: excess -= 0.5
            case .less: excess += 0.5
            case .twoSided: excess -= excess > 0 ? 0.5 : (excess < 0 ? -0.5 : 0)
            }
        }
        let z = excess / variance.squareRoot()
        switch alternative {
        case .greater: return StandardNormal.upperTail(z)
        case .less: return StandardNormal.cdf(z)
        case .twoSided: return min(1, 2 * StandardNormal.upperTail(abs(z)))
        }
    }

    /// Median of all pairwise means, each value with itself included (Hodges & Lehmann 1963).
    public var pseudoMedian: Double {
        let sorted = differences.sorted()
        let rows = SortedRows(columns: sorted.indices.map { $0..<sorted.count }) { (sorted[$0] + sorted[$1]) / 2 }
        return rows.median() ?? 0
    }

    /// Sum of the ranks of the positive values by size, and the tie term over the values that are not zero.
    private static func rankSum(_ values: [Double]) -> (positive: Double, tieTerm: Double) {
        let (ranks, tieTerm) = midRanks(values.map { abs($0) })
        var positive = 0.0
        for (value, rank) in zip(values, ranks) where value > 0 { positive += rank }
        let zeroCount = Double(values.lazy.filter { $0 == 0 }.count)
        return (positive, tieTerm - (zeroCount * zeroCount * zeroCount - zeroCount))
    }
}
