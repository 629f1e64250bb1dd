import Digests
import Foundation
import GRDB
import RegistryRecords
public import RegistryTypes
import StrictJSON

/// What the roll-ups hold.
extension RollupStore {
    /// The buckets of service levels that start at `second` or later, by series and, within one, by time.
    ///
    /// - Parameters:
    ///   - second: Seconds since 1970.
    ///   - slo: Only of this SLO; nil for all.
    public func slis(since second: Int64, slo: Name? = nil) async throws -> [SLISeries: [SLIBucket]] {
        try await read { database in
            var found: [SLISeries: [SLIBucket]] = [:]
            let all = try Row.fetchAll(
                database,
                sql: "SELECT slo, definition, model, release, arm, id FROM series WHERE slo = coalesce(?, slo)",
                arguments: [slo?.text]
            )
            let statement = try database.makeStatement(
                sql:
                    "SELECT start, seconds, valid, bad FROM sli WHERE series = ? AND start >= ? ORDER BY start, seconds"
            )
            for row in all {
                let rows = try Row.fetchCursor(statement, arguments: [row[5] as Int64, second])
                var buckets: [SLIBucket] = []
                while let row = try rows.next() {
                    buckets.append(SLIBucket(start: row[0], seconds: row[1], valid: row[2], bad: row[3]))
                }
                if !buckets.isEmpty { found[try Self.series(row)] = buckets }
            }
            return found
        }
    }

    private static func series(_ row: Row) throws -> SLISeries {
        guard let arm = TrafficArm(rawValue: row[4]) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "an arm of service levels is not known")
        }
        return SLISeries(
            slo: try Name(row[0] as String),
            definition: try Digest(bytes: Array(row[1] as Data)),
            model: try Name(row[2] as String),
            release: row[3],
            arm: arm
        )
    }

    /// The minutes of traffic from `second` on, oldest first.
    ///
    /// - Parameter model: Only of this model; nil for all.
    public func traffic(since second: Int64, model: Name? = nil) async throws -> [TrafficMinute] {
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
    public func drift(
        model: Name,
        release: Int? = nil,
        epoch: String? = nil,
        seconds: Range<Int64>
    ) async throws -> [DriftSummary] {
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
                DriftSummary(
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
    public func marks() async throws -> [String: Int64] {
        try await read { database in
            var marks: [String: Int64] = [:]
            for row in try Row.fetchAll(database, sql: "SELECT name, value FROM mark") { marks[row[0]] = row[1] }
            return marks
        }
    }
}
