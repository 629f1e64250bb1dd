import Foundation

/// The cumulative sum chart (Page 1954) of standardised scores, upwards and downwards.
public struct CumulativeSum: Sendable, Equatable {
    /// What a score must exceed to count: half the shift that is looked for, in standard deviations.
    public let allowance: Double
    /// The sum at which the chart alarms.
    public let limit: Double
    /// The sum upwards.
    public private(set) var upper = 0.0
    /// The sum downwards.
    public private(set) var lower = 0.0

    /// - Returns: nil unless both are finite, `allowance` is not negative and `limit` is positive.
    public init?(allowance: Double, limit: Double) {
        guard allowance >= 0, allowance.isFinite, limit > 0, limit.isFinite else { return nil }
        self.allowance = allowance
        self.limit = limit
    }

    /// Takes the next score; one that is not a number changes nothing.
    ///
    /// - Returns: whether either sum is over the limit.
    public mutating func add(_ z: Double) -> Bool {
        guard !z.isNaN else { return isOver }
        upper = max(0, upper + z - allowance)
        lower = max(0, lower - z - allowance)
        return isOver
    }

    /// Whether either sum is over the limit.
    public var isOver: Bool { upper > limit || lower > limit }

    /// Expected number of independent standard normal scores until one side alarms without a shift (Siegmund 1985):
    /// (e^(2 k b) - 2 k b - 1) / (2 k^2) with b = limit + 1.166; nil without an allowance.
    public var runLength: Double? {
        guard allowance > 0 else { return nil }
        let b = limit + 1.166
        return (exp(2 * allowance * b) - 2 * allowance * b - 1) / (2 * allowance * allowance)
    }
}
