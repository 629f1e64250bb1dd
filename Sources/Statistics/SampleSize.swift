import Foundation

/// Requests needed so that a non-inferiority check of a given margin concludes with a given power.
public enum SampleSize {
    /// Mean of paired differences: ((z_{1-alpha} + z_power) sd / (margin - degradation))^2.
    ///
    /// - Returns: nil unless margin > degradation and all numbers are usable.
    public static func pairedMean(
        standardDeviation: Double,
        margin: Double,
        degradation: Double = 0,
        alpha: Double,
        power: Double
    ) -> Int? {
        guard standardDeviation >= 0 else { return nil }
        return size(variance: standardDeviation * standardDeviation, distance: margin - degradation, alpha, power)
    }

    /// Difference of paired shares: (z + z)^2 (discordant - degradation^2) / (margin - degradation)^2.
    ///
    /// - Parameter discordant: share of the pairs in which the arms disagree.
    public static func pairedBinary(
        discordant: Double,
        margin: Double,
        degradation: Double = 0,
        alpha: Double,
        power: Double
    ) -> Int? {
        guard discordant >= 0, discordant <= 1 else { return nil }
        return size(
            variance: max(0, discordant - degradation * degradation),
            distance: margin - degradation,
            alpha,
            power
        )
    }

    /// Difference of independent shares, size of the candidate's arm; the baseline's is `ratio` times larger.
    public static func unpairedBinary(
        baseline: Double,
        candidate: Double,
        ratio: Double,
        margin: Double,
        alpha: Double,
        power: Double
    ) -> Int? {
        guard baseline >= 0, baseline <= 1, candidate >= 0, candidate <= 1, ratio > 0 else { return nil }
        let variance = candidate * (1 - candidate) + baseline * (1 - baseline) / ratio
        return size(variance: variance, distance: margin - (candidate - baseline), alpha, power)
    }

    /// Requests without any bad one that bound the true share below `limit` at confidence 1 - `alpha`.
    public static func withoutEvents(limit: Double, alpha: Double) -> Int? {
        guard limit > 0, limit < 1, alpha > 0, alpha < 1 else { return nil }
        return wholeNumber(log(alpha) / log1p(-limit))
    }

    private static func size(variance: Double, distance: Double, _ alpha: Double, _ power: Double) -> Int? {
        guard distance > 0, alpha > 0, alpha < 1, power > 0, power < 1,
            let za = StandardNormal.quantile(1 - alpha), let zb = StandardNormal.quantile(power)
        else { return nil }
        let z = max(0, za + zb)
        return wholeNumber(z * z * variance / (distance * distance))
    }

    private static func wholeNumber(_ x: Double) -> Int? {
        // Beyond 2^53 requests the answer is "never", not a number.
        guard x.isFinite, x < 9_007_199_254_740_992 else { return nil }
        return max(1, Int(x.rounded(.up)))
    }
}
