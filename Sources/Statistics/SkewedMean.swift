import Foundation

/// Bounds for the mean of a skewed sample without resampling: Hall's cubic transformation (1992) and the
/// analytic BCa interval ABC (DiCiccio & Efron 1992).
public struct SkewedMean: Sendable, Equatable {
    /// The sample with its t interval.
    public let sample: PairedMean
    /// Acceleration constant of ABC: sum L^3 / (6 (sum L^2)^1.5) over deviations L.
    public let acceleration: Double
    private let abcSigma: Double

    /// - Returns: nil for fewer than two values or values that are not finite.
    public init?(differences: [Double]) {
        guard let sample = PairedMean(differences: differences), let moments = Moments(differences) else { return nil }
        self.sample = sample
        let squares = moments.sumOfSquares
        let hasSpread = sample.standardDeviation > 0
        acceleration = hasSpread ? moments.sumOfCubes / (6 * squares * squares.squareRoot()) : 0
        abcSigma = hasSpread ? squares.squareRoot() / Double(moments.n) : 0
    }

    /// Hall's one-sided upper bound at confidence 1 - `alpha`.
    public func hallUpper(alpha: Double) -> Double? {
        hallEnd(alpha)
    }

    /// Hall's one-sided lower bound at confidence 1 - `alpha`.
    public func hallLower(alpha: Double) -> Double? {
        hallEnd(1 - alpha)
    }

    /// ABC one-sided upper bound at confidence 1 - `alpha`.
    public func abcUpper(alpha: Double) -> Double? {
        StandardNormal.quantile(1 - alpha).flatMap(abcEnd)
    }

    /// ABC one-sided lower bound at confidence 1 - `alpha`.
    public func abcLower(alpha: Double) -> Double? {
        StandardNormal.quantile(alpha).flatMap(abcEnd)
    }

    /// mean - se * g^-1(t_alpha): Hall's end whose non-coverage above is `alpha`.
    private func hallEnd(_ alpha: Double) -> Double? {
        guard sample.standardDeviation > 0 else { return sample.mean }
        guard let t = StudentT.quantile(alpha, df: Double(sample.n - 1)) else { return nil }
        let n = Double(sample.n)
        let k = sample.skewness
        // Below this the cubic is the identity to the last digit, and its inverse would divide by zero.
        guard abs(k) > 1e-10 else { return sample.mean - sample.standardError * t }
        let root = n.squareRoot()
        let inverse = 3 * root / k * (cbrt(1 + k * (t / root - k / (6 * n))) - 1)
        return sample.mean - sample.standardError * inverse
    }

    private func abcEnd(_ z: Double) -> Double? {
        let w = acceleration + z
        let scale = 1 - acceleration * w
        guard scale != 0 else { return nil }
        return sample.mean + abcSigma * w / (scale * scale)
    }
}
