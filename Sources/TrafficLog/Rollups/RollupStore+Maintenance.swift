import Foundation
import GRDB
import RegistryRecords
import RegistryTypes

/// Keeping the roll-ups small.
extension RollupStore {
    /// Merges the 10-second buckets that start before `second` into minutes, in one transaction.
    ///
    /// - Parameter second: Seconds since 1970; rounded down to a minute, so that no minute is merged in half. See
    ///   `SLIBucket.fineNeeded(at:)`.
    /// - Returns: How many buckets were merged.
    @discardableResult
    public func mergeSLIs(before second: Int64) async throws -> Int {
        let bound = SLIBucket.coarseStart(second)
        return try await write("rollup.merged") { database in
            try database.execute(
                sql: """
                    INSERT INTO sli (series, start, seconds, valid, bad)
                    SELECT series, start - ((start % 60) + 60) % 60, 60, sum(valid), sum(bad)
                    FROM sli WHERE seconds = 10 AND start < ? GROUP BY 1, 2
                    ON CONFLICT DO UPDATE SET valid = valid + excluded.valid, bad = bad + excluded.bad
                    """,
                arguments: [bound]
            )
            try database.execute(sql: "DELETE FROM sli WHERE seconds = 10 AND start < ?", arguments: [bound])
            return database.changesCount
        }
    }

    /// Merges the minutes of drift summaries that start before `second` into hours, in one transaction.
    ///
    /// - Parameter second: Seconds since 1970; rounded down to an hour.
    /// - Returns: How many minutes were merged.
    @discardableResult
    public func mergeDrift(before second: Int64) async throws -> Int {
        let hour = Int64(DriftRollup.coarseSeconds)
        let bound = second - ((second % hour) + hour) % hour
        return try await write("rollup.merged") { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT model, release, epoch, start, summary FROM drift WHERE seconds = 60 AND start < ?
                    ORDER BY model, release, epoch, start
                    """,
                arguments: [bound]
            )
            var merged: [DriftRollup] = []
            while let row = try rows.next() {
                let start: Int64 = row[3]
                var next = DriftRollup(
                    model: try Name(row[0] as String),
                    release: row[1],
                    epoch: row[2],
                    start: start - ((start % hour) + hour) % hour,
                    seconds: DriftRollup.coarseSeconds,
                    summary: row[4]
                )
                if let last = merged.last, last.model == next.model, last.release == next.release,
                    last.epoch == next.epoch, last.start == next.start
                {
                    merged.removeLast()
                    next = DriftRollup(
                        model: next.model,
                        release: next.release,
                        epoch: next.epoch,
                        start: next.start,
                        seconds: next.seconds,
                        summary: try self.mergeDrift(last.summary, next.summary)
                    )
                }
                merged.append(next)
            }
            for summary in merged { try self.add(summary, to: database) }
            try database.execute(sql: "DELETE FROM drift WHERE seconds = 60 AND start < ?", arguments: [bound])
            return database.changesCount
        }
    }

    /// Removes what starts before `second`, in seconds since 1970.
    ///
    /// - Returns: How many rows were removed.
    @discardableResult
    public func prune(before second: Int64) async throws -> Int {
        try await write("rollup.pruned") { database in
            var count = 0
            for condition in [
                // By series, so that its old rows are found by the key.
                "sli WHERE series IN (SELECT id FROM series) AND start < ?", "traffic WHERE minute < ?",
                "drift WHERE start < ?", "caller WHERE start < ?",
            ] {
                try database.execute(sql: "DELETE FROM \(condition)", arguments: [second])
                count += database.changesCount
            }
            try database.execute(sql: "DELETE FROM series WHERE NOT EXISTS (SELECT * FROM sli WHERE series = id)")
            return count
        }
    }
}
