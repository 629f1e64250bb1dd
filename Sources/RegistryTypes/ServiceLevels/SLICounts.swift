/// How many events counted, and how many of those were bad.
public struct SLICounts: Hashable, Sendable, Codable {
    /// Events that count.
    public private(set) var valid: Int
    /// Those of them that were bad, at most ``valid``.
    public private(set) var bad: Int

    /// Nothing.
    public static let zero = SLICounts(valid: 0, bad: 0)
    /// The most events that are counted; more than any service sees in a century.
    private static let most = 1 << 60

    /// Counts; what lies outside 0...2^60, or is bad without being valid, is brought to the nearest that can be.
    public init(valid: Int, bad: Int) {
        self.valid = min(max(valid, 0), Self.most)
        self.bad = min(max(bad, 0), self.valid)
    }

    /// Events that were good.
    public var good: Int { valid - bad }

    /// The share that was good, in 0...1; nil without events.
    public var share: Double? { valid > 0 ? Double(good) / Double(valid) : nil }

    /// The share that was bad, in 0...1; nil without events.
    public var badShare: Double? { valid > 0 ? Double(bad) / Double(valid) : nil }

    /// Both together.
    public static func + (left: Self, right: Self) -> Self {
        Self(valid: left.valid &+ right.valid, bad: left.bad &+ right.bad)
    }

    /// Adds `right`.
    public static func += (left: inout Self, right: Self) { left = left + right }

    /// What is left of `left` without `right`, never under zero.
    public static func - (left: Self, right: Self) -> Self {
        Self(valid: left.valid - right.valid, bad: left.bad - right.bad)
    }
}
