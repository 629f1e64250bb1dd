import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
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
            id: RolloutID(1),
            release: ReleaseID(try Name("ticket-bot"), 2),
            channel: try Name("production"),
            from: from,
            previous: 1,
            how: .promoted,
            move: 7,
            probationSeconds: probation,
            holdback: holdback,
            triggers: triggers,
            indicators: try levels.map { RolloutIndicator(name: try Name($0), indicator: .validOutput) },
            state: .probation,
            crashes: crashes,
            startedBy: "ada",
            startedAt: time(0)
        )
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(milliseconds: 1_795_000_000_000 + Int64(seconds * 1000))
    }
}

/// Small and good enough for simulations: SplitMix64 (Steele, Lea & Flood, 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    /// Neighbouring seeds must not give the same sequence shifted by one, so the seed is mixed first.
    init(_ seed: UInt64) {
        state = seed ^ 0x5851_F42D_4C95_7F2D
        state = next() ^ (seed << 32)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

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
