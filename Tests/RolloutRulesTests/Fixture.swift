import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import SeededRandom
import UserDocuments

/// A rollout of ticket-bot@r2 into production, and observations of it.
struct Fixture {
    static let level = "valid-json"

    static func record(
        probation: Double = 60,
        holdback: Double = 0.2,
        from: Int? = 1,
        triggers: [RollbackTrigger] = [
            .burn(rate: 14.4, longSeconds: 60, shortSeconds: 5), .worseThanPrevious(what: "bad answers", error: 0.01),
            .engineFailures(3),
        ],
        levels: [String] = [level],
        crashes: Int = 0
    ) throws -> RolloutRecord {
        RolloutRecord(
            RolloutStarted(
                id: RolloutID(1),
                release: ReleaseID(try Name("ticket-bot"), 2),
                channel: try Name("production"),
                from: from,
                probationSeconds: probation,
                holdback: holdback,
                triggers: triggers,
                indicators: try levels.map { RolloutIndicator(name: try Name($0), indicator: .validOutput) }
            ),
            previous: 1,
            how: .promoted,
            move: 7,
            crashes: crashes,
            startedBy: "ada",
            startedAt: time(0)
        )
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: 1_795_000_000_000 + Int64(seconds * 1000))
    }
}

/// Seeded randomness for simulations.
struct Seeded: RandomNumberGenerator {
    private var source: SplitMix64

    /// Neighbouring seeds must not give the same sequence shifted by one, so the seed is mixed first.
    init(_ seed: UInt64) {
        var mixer = SplitMix64(seed: seed ^ 0x5851_F42D_4C95_7F2D)
        source = SplitMix64(seed: mixer.next() ^ (seed << 32))
    }

    mutating func next() -> UInt64 { source.next() }

    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A Poisson number by counting products (Knuth, 1969); for small means.
    mutating func poisson(_ mean: Double) -> Int {
        let limit = exp(-mean)
        var product = uniform()
        var count = 0
        while product > limit {
            count += 1
            product *= uniform()
        }
        return count
    }
}
