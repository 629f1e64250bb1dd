import Foundation

/// Random numbers of a seed (SplitMix64: Steele, Lea and Flood, 2014), and draws from distributions.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Evenly in 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Events of a Poisson process with `mean` of them, by inversion in portions of at most 16 (sums of Poisson numbers
    /// are Poisson).
    mutating func poisson(_ mean: Double) -> Int {
        var left = mean, total = 0
        while left > 0 {
            let portion = min(left, 16)
            left -= portion
            var probability = exp(-portion)
            var rest = unit() - probability
            var count = 0
            while rest >= 0, count < 200 {
                count += 1
                probability *= portion / Double(count)
                rest -= probability
            }
            total += count
        }
        return total
    }

    /// Successes in `n` trials of `p`: one by one for few, else by inversion in portions of at most 16 expected ones.
    mutating func binomial(_ n: Int, _ p: Double) -> Int {
        if p <= 0 || n == 0 { return 0 }
        if p >= 1 { return n }
        if n <= 8 { return (0..<n).reduce(0) { total, _ in total + (unit() < p ? 1 : 0) } }
        let most = max(8, Int(16 / p))
        guard n <= most else { return binomial(most, p) + binomial(n - most, p) }
        var probability = exp(Double(n) * log1p(-p))
        var rest = unit() - probability
        var count = 0
        while rest >= 0, count < n {
            count += 1
            probability *= Double(n - count + 1) / Double(count) * p / (1 - p)
            rest -= probability
        }
        return count
    }
}
