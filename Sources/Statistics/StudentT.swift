import Foundation

/// Student's t distribution with any positive number of degrees of freedom.
public enum StudentT {
    /// P(T > t).
    public static func upperTail(_ t: Double, df: Double) -> Double? {
        guard df > 0, df.isFinite, !t.isNaN else { return nil }
        if t.isInfinite { return t > 0 ? 0 : 1 }
        let square = t * t
        let half =
            square.isInfinite
            ? 0 : 0.5 * BetaDistribution.regularized(df / (df + square), square / (df + square), df / 2, 0.5)
        return t >= 0 ? half : 1 - half
    }

    /// P(T <= t).
    public static func cdf(_ t: Double, df: Double) -> Double? {
        upperTail(-t, df: df)
    }

    /// The t with P(T <= t) = `probability`.
    public static func quantile(_ probability: Double, df: Double) -> Double? {
        guard df > 0, df.isFinite, probability >= 0, probability <= 1 else { return nil }
        if probability == 0 { return -.infinity }
        if probability == 1 { return .infinity }
        if probability == 0.5 { return 0 }
        let tail = min(probability, 1 - probability)
        guard let z = StandardNormal.quantile(tail).map({ -$0 }), let logBeta = logDensityConstant(df) else {
            return nil
        }
        var high = max(2, 2 * z)
        while let value = upperTail(high, df: df), value > tail, high < 1e300 { high *= 8 }
        // The tail falls like a power of t: its logarithm is what Newton's method handles well.
        let size = safeguardedNewton(0, high, start: z * (1 + (z * z + 1) / (4 * df)), rises: false) { t in
            guard let value = upperTail(t, df: df), value > 0 else { return (-1, -1) }
            let density = exp(logBeta - (df + 1) / 2 * log1p(t * t / df))
            return (log(value / tail), -density / value)
        }
        return size.map { probability < 0.5 ? -$0 : $0 }
    }

    /// ln of the density at 0.
    private static func logDensityConstant(_ df: Double) -> Double? {
        guard let top = logGamma((df + 1) / 2), let bottom = logGamma(df / 2) else { return nil }
        return top - bottom - 0.5 * log(df * Double.pi)
    }
}
