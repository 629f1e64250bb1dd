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
