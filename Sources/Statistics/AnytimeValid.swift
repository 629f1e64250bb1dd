import Foundation

/// Evidence that may be looked at after every request: an e-process over rate ratios of bad events, exact at any
/// stopping time and any change of the traffic share (Ville 1939; for counts: Lindon & Malek 2022).
public struct RateRatioEvidence: Sendable, Hashable {
    /// Rate ratios that are mixed with equal weight.
    public static let ratios = [1.1, 1.25, 1.5, 2, 3, 5, 10]

    /// ln of the evidence for each of ``ratios``.
    public private(set) var logEvidencePerRatio = [Double](repeating: 0, count: ratios.count)

    /// No evidence yet: E = 1.
    public init() {}

    /// Evidence that was stored as ``logEvidencePerRatio``, to go on with.
    ///
    /// - Returns: nil unless there is one finite number for each of ``ratios``.
    public init?(logEvidencePerRatio: [Double]) {
        guard logEvidencePerRatio.count == Self.ratios.count, logEvidencePerRatio.allSatisfy(\.isFinite) else {
            return nil
        }
        self.logEvidencePerRatio = logEvidencePerRatio
    }

    /// Counts bad events of one step of a rollout.
    ///
    /// - Parameters:
    ///   - share: the candidate's share of the traffic in this step, between 0 and 1 without the ends.
    ///   - candidate: bad events of the candidate since the last call.
    ///   - baseline: bad events of the baseline since the last call.
    /// - Returns: false, and nothing counted, when the numbers make no sense.
    public mutating func add(share: Double, candidate: Int, baseline: Int) -> Bool {
        guard share > 0, share < 1, candidate >= 0, baseline >= 0 else { return false }
        for (index, ratio) in RateRatioEvidence.ratios.enumerated() {
            // th/s = r / (1 + s(r-1)) and (1-th)/(1-s) = 1 / (1 + s(r-1)).
            let scale = log1p(share * (ratio - 1))
            logEvidencePerRatio[index] += Double(candidate) * (log(ratio) - scale) - Double(baseline) * scale
        }
        return true
    }

    /// ln E; act when it reaches ln(1/alpha).
    public var logEvidence: Double {
        let largest = logEvidencePerRatio.max() ?? 0
        let total = sum(logEvidencePerRatio.map { exp($0 - largest) })
        return largest + log(total / Double(logEvidencePerRatio.count))
    }

    /// min(1, 1/E) at this moment.
    public var pAnytime: Double { min(1, exp(-logEvidence)) }
}

/// ln of the sequential sign-test evidence that discordant pairs fall on the candidate: uniform prior over
/// probabilities between one half and one.
///
/// - Returns: nil for a negative count.
public func logSignEvidence(onlyCandidateBad b: Int, onlyBaselineBad c: Int) -> Double? {
    guard b >= 0, c >= 0 else { return nil }
    let x = Double(b) + 1
    let y = Double(c) + 1
    // P(theta > 1/2) under Beta(b+1, c+1).
    let mass = BetaDistribution.regularized(0.5, 0.5, y, x)
    guard mass > 0, let gx = logGamma(x), let gy = logGamma(y), let gxy = logGamma(x + y) else { return nil }
    return log(2) + gx + gy - gxy + log(mass) + Double(b + c) * log(2)
}

/// Radius around a running mean that holds at all times at once: normal mixture boundary (Howard, Ramdas,
/// McAuliffe & Sekhon 2021; asymptotic form Waudby-Smith et al. 2024).
public struct ConfidenceSequence: Sendable, Equatable {
    /// Chance of ever missing the mean.
    public let alpha: Double
    /// Whether only one side is bounded.
    public let oneSided: Bool
    /// Tuning constant: the sequence is tightest where it expects to decide.
    public let rho: Double

    /// - Parameter tightest: number of observations (or information) at which the bound should be tightest.
    /// - Returns: nil unless 0 < alpha < 1 (one-sided: below 1/2) and `tightest` > 0.
    public init?(alpha: Double, oneSided: Bool, tightest: Double) {
        let level = oneSided ? 2 * alpha : alpha
        guard level > 0, level < 1, tightest > 0, tightest.isFinite else { return nil }
        self.alpha = alpha
        self.oneSided = oneSided
        let twice = -2 * log(level)
        rho = ((twice + log(twice + 1)) / tightest).squareRoot()
    }

    /// Radius after `t` observations of standard deviation `sigma`; nil for t <= 0.
    public func radius(t: Double, sigma: Double) -> Double? {
        guard t > 0, sigma >= 0 else { return nil }
        let scaled = t * rho * rho + 1
        let inner = oneSided ? log1p(scaled.squareRoot() / (2 * alpha)) : log(scaled.squareRoot() / alpha)
        return sigma * (2 * scaled / (t * t * rho * rho) * inner).squareRoot()
    }
}
