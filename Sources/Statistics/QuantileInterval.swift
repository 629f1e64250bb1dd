/// Distribution-free interval of a quantile from two order statistics (Thompson 1936).
public struct QuantileInterval: Sendable, Equatable {
    /// 1-based ranks of the two ends; nil where the sample is too small for that side.
    public let ranks: (lower: Int?, upper: Int?)
    /// The values at ``ranks``.
    public let bounds: (lower: Double?, upper: Double?)

    /// - Parameter sorted: ascending, finite.
    /// - Returns: nil for no values or numbers outside (0, 1).
    public init?(_ q: Double, ofSorted sorted: [Double], confidence: Double) {
        let n = sorted.count
        guard n > 0, q > 0, q < 1, confidence > 0, confidence < 1 else { return nil }
        let tail = (1 - confidence) / 2
        // Largest rank r with P(X <= r - 1) <= tail; smallest rank s with P(X >= s) <= tail. Both by halving.
        var lower = 0
        var beyond = n + 1
        while beyond - lower > 1 {
            let middle = (lower + beyond) / 2
            if (Binomial.cdf(middle - 1, n: n, p: q) ?? 1) <= tail { lower = middle } else { beyond = middle }
        }
        var upper = n + 1
        var below = 0
        while upper - below > 1 {
            let middle = (upper + below) / 2
            if (Binomial.upperTail(middle, n: n, p: q) ?? 1) <= tail { upper = middle } else { below = middle }
        }
        ranks = (lower >= 1 ? lower : nil, upper <= n ? upper : nil)
        bounds = (ranks.lower.map { sorted[$0 - 1] }, ranks.upper.map { sorted[$0 - 1] })
    }

    /// Equal when ranks and values are.
    public static func == (a: Self, b: Self) -> Bool {
        a.ranks == b.ranks && a.bounds == b.bounds
    }
}
