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
