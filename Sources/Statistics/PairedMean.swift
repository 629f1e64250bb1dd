/// The mean of paired differences with Student's t interval and test (Student 1908).
///
/// Differences are oriented so that positive = candidate worse. A sample without spread is a fact, not a failure:
/// its interval is the point, and its p-value 0 or 1.
public struct PairedMean: Sendable, Equatable {
    /// Number of pairs, at least 2.
    public let n: Int
    /// Mean difference, in the unit of the differences.
    public let mean: Double
    /// Sample standard deviation of the differences (divisor n - 1).
    public let standardDeviation: Double
    /// Third standardised moment of the differences.
    public let skewness: Double

    /// - Returns: nil for fewer than two differences or values that are not finite.
    public init?(differences: [Double]) {
        guard let moments = Moments(differences), let deviation = moments.standardDeviation else { return nil }
        let largest = differences.reduce(0) { max($0, abs($1)) }
        n = moments.n
        // A constant sample leaves a rounding residue; it must not turn into an interval of its own.
        if deviation <= 4 * largest.ulp {
            mean = differences.allSatisfy { $0 == differences[0] } ? differences[0] : moments.mean
            standardDeviation = 0
            skewness = 0
        } else {
            mean = moments.mean
            standardDeviation = deviation
            skewness = moments.skewness
        }
    }

    /// A sample that is known to be constant although its computed differences carry rounding noise.
    public init(constant: Double, n: Int) {
        self.n = n
        mean = constant
        standardDeviation = 0
        skewness = 0
    }

    /// n - 1.
    public var degreesOfFreedom: Int { n - 1 }

    /// Standard error of the mean.
    public var standardError: Double { standardDeviation / Double(n).squareRoot() }

    /// (mean - null) / standard error; nil when there is no spread.
    public func statistic(null: Double = 0) -> Double? {
        standardDeviation > 0 ? (mean - null) / standardError : nil
    }

    /// One-sided p-value of "the mean is at most `tolerate`".
    public func pDegradation(tolerate: Double = 0) -> Double {
        guard let t = statistic(null: tolerate) else { return mean > tolerate ? 0 : 1 }
        return StudentT.upperTail(t, df: Double(n - 1)) ?? 1
    }

    /// Two-sided p-value of "the mean is `null`".
    public func pTwoSided(null: Double = 0) -> Double {
        guard let t = statistic(null: null) else { return mean == null ? 1 : 0 }
        return min(1, 2 * (StudentT.upperTail(abs(t), df: Double(n - 1)) ?? 1))
    }

    /// One-sided bound below which the mean lies with confidence 1 - `alpha`.
    public func upper(alpha: Double) -> Double? {
        guard standardDeviation > 0 else { return mean }
        return StudentT.quantile(1 - alpha, df: Double(n - 1)).map { mean + $0 * standardError }
    }

    /// One-sided bound above which the mean lies with confidence 1 - `alpha`.
    public func lower(alpha: Double) -> Double? {
        guard standardDeviation > 0 else { return mean }
        return StudentT.quantile(1 - alpha, df: Double(n - 1)).map { mean - $0 * standardError }
    }
}
