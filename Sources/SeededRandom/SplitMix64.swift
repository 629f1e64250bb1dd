/// Random numbers of a seed: SplitMix64 (Steele, Lea and Flood, 2014). The same seed gives the same numbers on every
/// machine and in every build.
public struct SplitMix64: RandomNumberGenerator, Hashable, Sendable {
    private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

    private var state: UInt64

    /// A generator that starts at `seed`.
    public init(seed: UInt64) { state = seed }

    /// A stream of its own for each purpose, so that drawing from one moves no other.
    public init(seed: UInt64, stream: UInt64) {
        var source = SplitMix64(seed: seed)
        state = source.next() ^ (stream &* 0xd1b5_4a32_d192_ed03)
    }

    /// The number that the `draws`-th call of `next()` gives, counted from 1, without the ones before it.
    public static func number(_ draws: Int, ofSeed seed: UInt64) -> UInt64 {
        mixed(seed &+ UInt64(draws) &* increment)
    }

    public mutating func next() -> UInt64 {
        state &+= Self.increment
        return Self.mixed(state)
    }

    /// A number in [0, 1) of 53 bits.
    public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number in `0 ..< limit`, each equally likely; `limit` is positive. Written out, because what is drawn
    /// must not depend on how a standard library draws.
    public mutating func below(_ limit: UInt64) -> UInt64 {
        let usable = UInt64.max - UInt64.max % limit
        while true {
            let value = next()
            if value < usable { return value % limit }
        }
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
