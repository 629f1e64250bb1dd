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
}
