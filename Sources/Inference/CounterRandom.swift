/// Random numbers as a function of (seed, position): Philox 4×32 with 10 rounds (Salmon et al., 2011). There is no state,
/// so the number of a position does not depend on what was drawn before.
struct CounterRandom: Sendable {
    /// Key of the generator.
    let seed: UInt64

    /// A number in [0, 1) with 53 random bits.
    func uniform(at position: Int) -> Double {
        let counter = UInt64(bitPattern: Int64(position))
        let block = Self.block(
            counter: [UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0],
            key: [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
        )
        return Double((UInt64(block[0]) << 32 | UInt64(block[1])) >> 11) * 0x1p-53
    }

    /// Four words of output for a counter of four words and a key of two.
    static func block(counter: [UInt32], key: [UInt32]) -> [UInt32] {
        var (c0, c1, c2, c3) = (counter[0], counter[1], counter[2], counter[3])
        var (k0, k1) = (key[0], key[1])
        for _ in 0..<10 {
            let first = c0.multipliedFullWidth(by: 0xd251_1f53)
            let second = c2.multipliedFullWidth(by: 0xcd9e_8d57)
            (c0, c1, c2, c3) = (second.high ^ c1 ^ k0, second.low, first.high ^ c3 ^ k1, first.low)
            k0 &+= 0x9e37_79b9
            k1 &+= 0xbb67_ae85
        }
        return [c0, c1, c2, c3]
    }
}
