import Foundation

/// The difference of two independent shares, candidate minus baseline: positive = candidate worse.
public struct TwoProportions: Sendable, Equatable {
    /// The candidate's bad cases.
    public let candidate: Proportion
    /// The baseline's bad cases.
    public let baseline: Proportion

    /// Two arms that share no requests.
    public init(candidate: Proportion, baseline: Proportion) {
        self.candidate = candidate
        self.baseline = baseline
    }

    /// Observed difference of the shares, -1 to 1.
    public var difference: Double { candidate.share - baseline.share }

    /// Hybrid score interval (Newcombe 1998, method 10): one-sided bounds at confidence 1 - `alpha` each.
    public func newcombe(alpha: Double) -> ClosedRange<Double>? {
        guard let z = StandardNormal.quantile(1 - alpha), let c = candidate.wilson(z: z), let b = baseline.wilson(z: z)
        else { return nil }
        func distance(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        let low = difference - distance(candidate.share - c.lowerBound, b.upperBound - baseline.share)
        let high = difference + distance(c.upperBound - candidate.share, baseline.share - b.lowerBound)
        return max(-1, low)...min(1, high)
    }

    /// The score statistic at a hypothetical difference (Miettinen & Nurminen 1985), with their N/(N-1) and the
    /// restricted maximum likelihood estimate in closed form (Farrington & Manning 1990).
    public func score(at hypothetical: Double) -> Double {
        let numerator = difference - hypothetical
        if numerator == 0 { return 0 }
        let n1 = Double(candidate.n)
        let n0 = Double(baseline.n)
        let (p1, p0) = restricted(hypothetical)
        let variance = (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * (n1 + n0) / (n1 + n0 - 1)
        return numerator / max(0, variance).squareRoot()
    }

    /// Miettinen-Nurminen upper bound at one-sided confidence 1 - `alpha`.
    public func upper(alpha: Double) -> Double? {
        guard let z = StandardNormal.quantile(1 - alpha), z.isFinite else { return nil }
        return difference >= 1 ? 1 : bisect(difference, 1) { score(at: $0) + z }
    }

    /// Miettinen-Nurminen lower bound at one-sided confidence 1 - `alpha`.
    public func lower(alpha: Double) -> Double? {
        guard let z = StandardNormal.quantile(1 - alpha), z.isFinite else { return nil }
        return difference <= -1 ? -1 : bisect(-1, difference) { score(at: $0) - z }
    }

    /// One-sided exact p-value of "the candidate is not worse" (Fisher 1935).
    public var pDegradationExact: Double { hypergeometricTail().atLeast }

    /// ``pDegradationExact`` with half the probability of the observed table.
    public var pDegradation: Double {
        let tail = hypergeometricTail()
        return tail.atLeast - tail.exactly / 2
    }

    /// Shares that differ by exactly `hypothetical` and fit the data best.
    private func restricted(_ hypothetical: Double) -> (candidate: Double, baseline: Double) {
        let theta = Double(baseline.n) / Double(candidate.n)
        let p1 = candidate.share
        let p0 = baseline.share
        let d = hypothetical
        let a = 1 + theta
        let b = -(1 + theta + p1 + theta * p0 + d * (theta + 2))
        let c = d * d + d * (2 * p1 + theta + 1) + p1 + theta * p0
        let e = -p1 * d * (1 + d)
        let v = b * b * b / (27 * a * a * a) - b * c / (6 * a * a) + e / (2 * a)
        let size = max(0, b * b / (9 * a * a) - c / (3 * a)).squareRoot()
        let u = v < 0 ? -size : size
        let cosine = u == 0 ? 0 : min(1, max(-1, v / (u * u * u)))
        let w = (Double.pi + acos(cosine)) / 3
        let low = max(0, d)
        let high = min(1, 1 + d)
        let estimate = min(high, max(low, 2 * u * cos(w) - b / (3 * a)))
        return (estimate, estimate - d)
    }

    private func hypergeometricTail() -> (atLeast: Double, exactly: Double) {
        let bad = candidate.bad + baseline.bad
        let all = candidate.n + baseline.n
        let highest = min(candidate.n, bad)
        let base = logChoose(all, bad)
        func term(_ k: Int) -> Double {
            exp(logChoose(candidate.n, k) + logChoose(baseline.n, bad - k) - base)
        }
        var atLeast = 0.0
        // Smallest terms first, so that a tiny tail keeps its digits.
        for k in stride(from: highest, through: candidate.bad, by: -1) { atLeast += term(k) }
        return (min(1, atLeast), term(candidate.bad))
    }
}

/// ln of n over k; minus infinity outside 0...n.
func logChoose(_ n: Int, _ k: Int) -> Double {
    guard n >= 0, k >= 0, k <= n else { return -.infinity }
    if k == 0 || k == n { return 0 }
    let total = Double(n)
    let x = Double(k)
    let rest = total - x
    let entropy = x * log(total / x) + rest * log(total / rest)
    return entropy + stirlingError(total) - stirlingError(x) - stirlingError(rest)
        + 0.5 * log(total / (2 * Double.pi * x * rest))
}
