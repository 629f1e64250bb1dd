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
