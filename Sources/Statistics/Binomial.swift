import Foundation

/// The binomial distribution: successes in `n` independent trials of probability `p`.
public enum Binomial {
    /// P(X = k), by Loader's saddle point form (2000).
    ///
    /// - Returns: nil for n < 0 or p outside [0, 1].
    public static func pmf(_ k: Int, n: Int, p: Double) -> Double? {
        guard n >= 0, p >= 0, p <= 1 else { return nil }
        if k < 0 || k > n { return 0 }
        if p == 0 { return k == 0 ? 1 : 0 }
        if p == 1 { return k == n ? 1 : 0 }
        let q = 1 - p
        if k == 0 { return exp(Double(n) * log1p(-p)) }
        if k == n { return exp(Double(n) * log(p)) }
        let x = Double(k)
        let total = Double(n)
        let rest = total - x
        let exponent =
            stirlingError(total) - stirlingError(x) - stirlingError(rest)
            - devianceTerm(x, total * p) - devianceTerm(rest, total * q)
        return exp(exponent) * (total / (2 * Double.pi * x * rest)).squareRoot()
    }

    /// P(X <= k).
    public static func cdf(_ k: Int, n: Int, p: Double) -> Double? {
        guard n >= 0, p >= 0, p <= 1 else { return nil }
        if k < 0 { return 0 }
        if k >= n { return 1 }
        return BetaDistribution.regularized(1 - p, p, Double(n - k), Double(k) + 1)
    }

    /// P(X >= k).
    public static func upperTail(_ k: Int, n: Int, p: Double) -> Double? {
        guard n >= 0, p >= 0, p <= 1 else { return nil }
        if k <= 0 { return 1 }
        if k > n { return 0 }
        return BetaDistribution.regularized(p, 1 - p, Double(k), Double(n - k) + 1)
    }
}
