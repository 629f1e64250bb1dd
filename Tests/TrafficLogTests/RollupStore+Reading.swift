import Foundation
import GRDB
import RegistryTypes
import StrictJSON

@testable import TrafficLog

/// What the roll-ups hold of traffic and drift, which the server writes for later and does not read yet.
extension RollupStore {
    /// The minutes of traffic from `second` on, oldest first.
    ///
    /// - Parameter model: Only of this model; nil for all.
    func traffic(since second: Int64, model: Name? = nil) async throws -> [TrafficMinute] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT minute, model, release, arm, outcomes, promptTokens, outputTokens, latencies FROM traffic
                    WHERE minute >= ? AND model = coalesce(?, model) ORDER BY minute, model, release, arm
                    """,
                arguments: [second, model?.text]
            ).map { row in
                let counts = try CanonicalJSON.decode([String: Int].self, from: Data((row[4] as String).utf8))
                var outcomes: [RequestOutcome: Int] = [:]
                for (name, count) in counts { outcomes[try Self.word(name)] = count }
                return TrafficMinute(
                    minute: row[0],
                    model: try Name(row[1] as String),
                    release: row[2],
                    arm: try Self.word(row[3]),
                    outcomes: outcomes,
                    promptTokens: row[5],
                    outputTokens: row[6],
                    latencies: row[7]
                )
            }
        }
    }

    private static func word<Word: RawRepresentable>(_ text: String) throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "no \(Word.self) is called \(text)")
        }
        return word
    }

    /// The drift summaries of a model that start in `seconds` (since 1970), oldest first; hours and minutes never
    /// overlap.
    func drift(
        model: Name,
        release: Int? = nil,
        epoch: String? = nil,
        seconds: Range<Int64>
    ) async throws -> [DriftRollup] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT release, epoch, start, seconds, summary FROM drift
                    WHERE model = ? AND release = coalesce(?, release) AND epoch = coalesce(?, epoch)
                        AND start >= ? AND start < ?
                    ORDER BY start, release, epoch
                    """,
                arguments: [model.text, release, epoch, seconds.lowerBound, seconds.upperBound]
            ).map { row in
                DriftRollup(
                    model: model,
                    release: row[0],
                    epoch: row[1],
                    start: row[2],
                    seconds: row[3],
                    summary: row[4]
                )
            }
        }
    }

    /// How far other logs are counted, by the name of the log.
    func marks() async throws -> [String: Int64] {
        try await read { database in
            var marks: [String: Int64] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT name, value FROM mark") { marks[row[0]] = row[1] }
            return marks
        }
    }
}
