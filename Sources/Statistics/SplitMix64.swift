import Foundation

/// SplitMix64 (Steele, Lea & Flood 2014): the same seed gives the same numbers on every machine and in every build.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// A generator that starts at `seed`.
    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number in [0, 1) of 53 bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in `0 ..< limit`, each equally likely; `limit` is positive.
    public mutating func below(_ limit: UInt64) -> UInt64 {
        let usable = UInt64.max - UInt64.max % limit
        while true {
            let value = next()
            if value < usable { return value % limit }
        }
    }

    /// A standard normal number: the quantile of a uniform one.
    public mutating func normal() -> Double {
        StandardNormal.quantile((Double(next() >> 11) + 0.5) * 0x1p-53) ?? 0
    }
}
