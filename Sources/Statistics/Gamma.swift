import Foundation

/// delta(x) = ln Gamma(x+1) - [(x + 1/2) ln x - x + ln sqrt(2 pi)], the error of Stirling's formula, for x > 0.
/// Kept apart from the large terms so that binomial and beta densities lose no digits (Loader 2000).
func stirlingError(_ x: Double) -> Double {
    var x = x
    var sum = 0.0
    // Each step up costs one logarithm and makes the series below exact to 1e-17.
    while x < 16 {
        sum += (x + 0.5) * log1p(1 / x) - 1
        x += 1
    }
    let y = 1 / (x * x)
    let series =
        1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))
    return sum + series / x
}

/// x ln(x/m) + m - x, the deviance part of a Poisson term, without cancellation near x = m (Loader 2000).
func devianceTerm(_ x: Double, _ mean: Double) -> Double {
    if x == 0 { return mean }
    if abs(x - mean) < 0.1 * (x + mean) {
        let v = (x - mean) / (x + mean)
        var sum = (x - mean) * v
        var term = 2 * x * v
        for j in 1..<1000 {
            term *= v * v
            let next = sum + term / Double(2 * j + 1)
            if next == sum { return next }
            sum = next
        }
    }
    return x * log(x / mean) + mean - x
}

/// ln Gamma(x) for x > 0. Our own rather than the C library's, which writes a process-wide variable.
///
/// - Returns: nil for x <= 0 or not a number.
public func logGamma(_ x: Double) -> Double? {
    guard x > 0, x.isFinite else { return nil }
    return (x + 0.5) * log(x) - x + 0.5 * log(2 * Double.pi) + stirlingError(x) - log(x)
}

/// The chi-squared distribution.
public enum ChiSquared {
    /// P(X > x) with `df` degrees of freedom: the regularised upper incomplete gamma function Q(df/2, x/2).
    public static func upperTail(_ x: Double, df: Double) -> Double? {
        guard df > 0, df.isFinite, !x.isNaN else { return nil }
        if x <= 0 { return 1 }
        if x == .infinity { return 0 }
        return upperGamma(df / 2, x / 2)
    }

    private static func upperGamma(_ a: Double, _ x: Double) -> Double? {
        guard let logGammaA = logGamma(a) else { return nil }
        let front = exp(a * log(x) - x - logGammaA)
        if x < a + 1 {
            var term = 1 / a
            var sum = term
            var n = a
            for _ in 0..<100_000 {
                n += 1
                term *= x / n
                sum += term
                if term < sum * 1e-17 { break }
            }
            return 1 - front * sum
        }
        // Modified Lentz on the continued fraction.
        var b = x + 1 - a
        var c = 1 / Double.leastNormalMagnitude
        var d = 1 / b
        var h = d
        for i in 1..<100_000 {
            let an = -Double(i) * (Double(i) - a)
            b += 2
            d = 1 / nonZero(an * d + b)
            c = nonZero(b + an / c)
            let delta = d * c
            h *= delta
            if abs(delta - 1) < 1e-16 { break }
        }
        return front * h
    }
}

/// Keeps a step of Lentz's method from dividing by zero.
func nonZero(_ x: Double) -> Double {
    abs(x) < 1e-300 ? 1e-300 : x
}

extension ChiSquared {
    /// The x with P(X <= x) = `probability`.
    ///
    /// - Returns: nil unless df > 0 and 0 <= probability < 1.
    public static func quantile(_ probability: Double, df: Double) -> Double? {
        guard df > 0, df.isFinite, probability >= 0, probability < 1 else { return nil }
        if probability == 0 { return 0 }
        // Wilson & Hilferty's cube (1931) starts close; bisection on the tail then never diverges.
        // It ends where no number is left between the limits: after some 60 steps, or 1,100 for the smallest numbers.
        guard let z = StandardNormal.quantile(probability) else { return nil }
        let cube = 1 - 2 / (9 * df) + z * (2 / (9 * df)).squareRoot()
        let tail = 1 - probability
        var low = 0.0
        var high = max(1, 2 * df * cube * cube * cube, 2 * df)
        while let p = upperTail(high, df: df), p > tail {
            low = high
            high *= 2
        }
        for _ in 0..<1200 {
            let middle = (low + high) / 2
            guard middle > low, middle < high, let p = upperTail(middle, df: df) else { break }
            if p > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
