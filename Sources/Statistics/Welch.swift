/// The difference of two independent means with unequal variances (Welch 1947).
public struct Welch: Sendable, Equatable {
    /// Mean of the first sample minus mean of the second.
    public let difference: Double
    /// Standard error of ``difference``.
    public let standardError: Double
    /// Welch-Satterthwaite degrees of freedom; infinite when neither sample has spread.
    public let degreesOfFreedom: Double

    /// - Returns: nil when a sample has fewer than two values or values that are not finite.
    public init?(_ first: [Double], _ second: [Double]) {
        guard let x = Moments(first), let y = Moments(second), let vx = x.variance, let vy = y.variance
        else { return nil }
        self.init(
            difference: x.mean - y.mean,
            varianceOfFirstMean: vx / Double(x.n),
            first: x.n,
            varianceOfSecondMean: vy / Double(y.n),
            second: y.n
        )
    }

    /// From estimates whose variances are known, for example logarithms of means.
    public init(
        difference: Double,
        varianceOfFirstMean vx: Double,
        first: Int,
        varianceOfSecondMean vy: Double,
        second: Int
    ) {
        self.difference = difference
        let total = vx + vy
        standardError = total.squareRoot()
        degreesOfFreedom =
            total > 0
            ? 1 / ((vx / total) * (vx / total) / Double(first - 1) + (vy / total) * (vy / total) / Double(second - 1))
            : .infinity
    }

    /// (difference - null) / standard error; nil when there is no spread.
    public func statistic(null: Double = 0) -> Double? {
        standardError > 0 ? (difference - null) / standardError : nil
    }

    /// One-sided p-value of "the difference is at most `tolerate`".
    public func pDegradation(tolerate: Double = 0) -> Double {
        guard let t = statistic(null: tolerate) else { return difference > tolerate ? 0 : 1 }
        return StudentT.upperTail(t, df: degreesOfFreedom) ?? 1
    }

    /// Two-sided p-value of "the means are equal".
    public var pTwoSided: Double {
        guard let t = statistic() else { return difference == 0 ? 1 : 0 }
        return min(1, 2 * (StudentT.upperTail(abs(t), df: degreesOfFreedom) ?? 1))
    }

    /// One-sided upper bound at confidence 1 - `alpha`.
    public func upper(alpha: Double) -> Double? {
        guard standardError > 0 else { return difference }
        return StudentT.quantile(1 - alpha, df: degreesOfFreedom).map { difference + $0 * standardError }
    }

    /// One-sided lower bound at confidence 1 - `alpha`.
    public func lower(alpha: Double) -> Double? {
        guard standardError > 0 else { return difference }
        return StudentT.quantile(1 - alpha, df: degreesOfFreedom).map { difference - $0 * standardError }
    }
}
