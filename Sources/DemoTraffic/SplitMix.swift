/// A small seeded generator: SplitMix64 (Steele, Lea and Flood 2014). The same seed gives the same tickets everywhere.
struct SplitMix: RandomNumberGenerator, Hashable, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A stream of its own for each purpose, so that drawing from one moves no other.
    init(seed: UInt64, stream: UInt64) {
        var source = SplitMix(seed: seed)
        state = source.next() ^ (stream &* 0xD1B5_4A32_D192_ED03)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension RandomNumberGenerator {
    /// True with the probability `share`.
    mutating func happens(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

    /// One of `choices`, each as likely as the others; `fallback` when there is none.
    mutating func pick<Choice>(_ choices: [Choice], or fallback: Choice) -> Choice {
        choices.isEmpty ? fallback : choices[Int.random(in: 0..<choices.count, using: &self)]
    }

    /// One of the phrases; empty when there is none.
    mutating func pick(_ phrases: [String]) -> String { pick(phrases, or: "") }
}
