import Foundation

/// Intervals for one share: `bad` of `n`.
public struct Proportion: Sendable, Equatable {
    /// Number of bad cases.
    public let bad: Int
    /// Number of cases, at least 1.
    public let n: Int

    /// - Returns: nil for n < 1 or counts outside 0...n.
    public init?(bad: Int, n: Int) {
        guard n > 0, bad >= 0, bad <= n else { return nil }
        self.bad = bad
        self.n = n
    }

    /// Observed share, 0 to 1.
    public var share: Double { Double(bad) / Double(n) }

    /// Two-sided score interval (Wilson 1927); exactly 0 or 1 at the edges.
    public func wilson(confidence: Double) -> ClosedRange<Double>? {
        guard confidence > 0, confidence < 1 else { return nil }
        return StandardNormal.quantile((1 + confidence) / 2).flatMap(wilson(z:))
    }

    /// Wilson's interval for a normal quantile `z` >= 0.
    func wilson(z: Double) -> ClosedRange<Double>? {
        guard z >= 0, z.isFinite else { return nil }
        let count = Double(n)
        let centre = share + z * z / (2 * count)
        let half = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        let scale = 1 + z * z / count
        let low = bad == 0 ? 0 : max(0, (centre - half) / scale)
        let high = bad == n ? 1 : min(1, (centre + half) / scale)
        return low...high
    }

    /// Two-sided exact interval (Clopper & Pearson 1934).
    public func clopperPearson(confidence: Double) -> ClosedRange<Double>? {
        let alpha = (1 - confidence) / 2
        guard let low = exactLower(alpha: alpha), let high = exactUpper(alpha: alpha) else { return nil }
        return low...high
    }

    /// One-sided exact upper bound at confidence 1 - `alpha`; 1 - alpha^(1/n) when nothing bad was seen.
    public func exactUpper(alpha: Double) -> Double? {
        guard alpha > 0, alpha < 1 else { return nil }
        if bad == n { return 1 }
        if bad == 0 { return -expm1(log(alpha) / Double(n)) }
        return BetaDistribution.quantile(1 - alpha, a: Double(bad) + 1, b: Double(n - bad))
    }

    /// One-sided exact lower bound at confidence 1 - `alpha`.
    public func exactLower(alpha: Double) -> Double? {
        guard alpha > 0, alpha < 1 else { return nil }
        if bad == 0 { return 0 }
        return BetaDistribution.quantile(alpha, a: Double(bad), b: Double(n - bad) + 1)
    }
}
