import Foundation

/// The beta distribution and the regularised incomplete beta function behind the t and binomial distributions.
public enum BetaDistribution {
    /// I_x(a, b) = P(X <= x) for X ~ Beta(a, b).
    ///
    /// - Returns: nil unless a > 0, b > 0 and 0 <= x <= 1.
    public static func cdf(_ x: Double, a: Double, b: Double) -> Double? {
        guard a > 0, b > 0, (a + b).isFinite, x >= 0, x <= 1 else { return nil }
        return regularized(x, 1 - x, a, b)
    }

    /// The x with I_x(a, b) = `probability`.
    public static func quantile(_ probability: Double, a: Double, b: Double) -> Double? {
        guard a > 0, b > 0, (a + b).isFinite, probability >= 0, probability <= 1 else { return nil }
        if probability == 0 { return 0 }
        if probability == 1 { return 1 }
        // Solve for the smaller tail: the larger one is flat to the last bit where the smaller still moves.
        let median = regularized(0.5, 0.5, a, b)
        if median < probability {
            guard let mirrored = lowerHalfQuantile(1 - probability, a: b, b: a) else { return nil }
            return 1 - mirrored
        }
        return lowerHalfQuantile(probability, a: a, b: b)
    }

    private static func lowerHalfQuantile(_ probability: Double, a: Double, b: Double) -> Double? {
        safeguardedNewton(0, 0.5, start: min(0.5, a / (a + b)), rises: true) { x in
            if x <= 0 { return (-probability, 1) }
            return (regularized(x, 1 - x, a, b) - probability, front(x, 1 - x, a, b) / (x * (1 - x)))
        }
    }

    /// I_x(a, b) with y = 1 - x given apart, so that a tail of t keeps its digits.
    static func regularized(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
        if x <= 0 { return 0 }
        if y <= 0 { return 1 }
        let direct = x < (a + 1) / (a + b + 2)
        let scale = front(x, y, a, b)
        return direct
            ? scale * continuedFraction(x, a, b) / a
            : 1 - scale * continuedFraction(y, b, a) / b
    }

    /// x^a y^b / B(a, b), by Loader's saddle point form (2000): no difference of large logarithms.
    static func front(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
        let n = a + b
        let exponent =
            stirlingError(n) - stirlingError(a) - stirlingError(b)
            - devianceTerm(a, n * x) - devianceTerm(b, n * y)
        return exp(exponent) * (a / n * b / (2 * Double.pi)).squareRoot()
    }

    /// Modified Lentz evaluation of the continued fraction for I_x(a, b).
    private static func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
        var c = 1.0
        var d = 1 / nonZero(1 - (a + b) * x / (a + 1))
        var h = d
        for i in 1..<100_000 {
            let m = Double(i)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / nonZero(1 + even * d)
            c = nonZero(1 + even / c)
            h *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / nonZero(1 + odd * d)
            c = nonZero(1 + odd / c)
            let delta = d * c
            h *= delta
            if abs(delta - 1) < 1e-15 { break }
        }
        return h
    }
}

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
