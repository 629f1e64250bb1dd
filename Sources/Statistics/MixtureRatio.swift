import Foundation

/// The mixture sequential probability ratio test of a mean with known variance (Robbins 1970; Johari, Koomen, Pekelis &
/// Walsh 2017): evidence against "the mean is `null`" that may be looked at after every value.
///
/// Here for comparison with what others publish: it needs a variance that nobody knows, so nothing is decided by it.
public struct MixtureRatio: Sendable, Hashable {
    /// The variance of one value.
    public let variance: Double
    /// The variance of the normal mixture over true means.
    public let mixing: Double
    /// The mean that is tested.
    public let null: Double
    /// Values seen.
    public private(set) var n = 0
    /// The largest ln of the ratio at any time, which decides.
    public private(set) var largestLogRatio = -Double.infinity
    private var total = 0.0
    private var lost = 0.0

    /// - Returns: nil unless both variances are above 0 and finite.
    public init?(variance: Double, mixing: Double, null: Double = 0) {
        guard variance > 0, variance.isFinite, mixing > 0, mixing.isFinite, null.isFinite else { return nil }
        self.variance = variance
        self.mixing = mixing
        self.null = null
    }

    /// Takes one more value; one that is not finite is left out.
    public mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        // Neumaier's compensation, so that a long run ends where its sum ends.
        let deviation = value - null
        let next = total + deviation
        lost += abs(total) >= abs(deviation) ? (total - next) + deviation : (deviation - next) + total
        total = next
        n += 1
        largestLogRatio = max(largestLogRatio, logRatio)
    }

    /// ln of the mixture likelihood ratio now; 0 before the first value.
    public var logRatio: Double {
        guard n > 0 else { return 0 }
        let spread = variance + Double(n) * mixing
        let sum = total + lost
        return 0.5 * log(variance / spread) + mixing / (2 * variance) * (sum * sum / spread)
    }

    /// The p-value that holds at any time: one over the largest ratio so far, at most 1.
    public var pAnytime: Double { n > 0 ? min(1, exp(-largestLogRatio)) : 1 }
}
