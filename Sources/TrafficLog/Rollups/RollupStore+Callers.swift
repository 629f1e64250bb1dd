public import Digests
import Foundation
import GRDB
public import RegistryTypes

/// Events of single keys in a service level, beside the roll-ups of all: by ten seconds for a short time, and by longer
/// stretches for as long as the service level looks back.
extension RollupStore {
    static func add(_ events: CallerSLIEvents, to database: Database) throws {
        let series = events.series, bucket = events.bucket
        try database.cachedStatement(
            sql: """
                INSERT INTO caller (slo, definition, model, key, start, seconds, valid, bad)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET valid = valid + excluded.valid, bad = bad + excluded.bad
                """
        ).execute(arguments: [
            series.slo.text, Data(series.definition.bytes), series.model.text, series.key.text, bucket.start,
            bucket.seconds, bucket.valid, bucket.bad,
        ])
    }

    /// The buckets of keys, by series and, within one, by time.
    ///
    /// - Parameters:
    ///   - second: Where those start at the earliest that are longer than ten seconds; in seconds since 1970.
    ///   - fine: Where those of ten seconds do.
    public func callers(since second: Int64, fine: Int64) async throws -> [CallerSeries: [SLIBucket]] {
        try await read { database in
            var found: [CallerSeries: [SLIBucket]] = [:]
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT slo, definition, model, key, start, seconds, valid, bad FROM caller
                    WHERE start >= CASE seconds WHEN 10 THEN ? ELSE ? END ORDER BY start, seconds
                    """,
                arguments: [fine, second]
            )
            while let row = try rows.next() {
                let series = CallerSeries(
                    slo: try Name(row[0] as String),
                    definition: try Digest(bytes: Array(row[1] as Data)),
                    model: try Name(row[2] as String),
                    key: try Name(row[3] as String)
                )
                let bucket = SLIBucket(start: row[4], seconds: row[5], valid: row[6], bad: row[7])
                found[series, default: []].append(bucket)
            }
            return found
        }
    }

    /// Removes the buckets of ten seconds of keys that start before `second`.
    ///
    /// - Returns: How many were removed.
    @discardableResult
    public func pruneCallers(before second: Int64) async throws -> Int {
        try await write("rollup.pruned") { database in
            try database.execute(sql: "DELETE FROM caller WHERE seconds = 10 AND start < ?", arguments: [second])
            return database.changesCount
        }
    }
}

/// What events of one key count for.
public struct CallerSeries: Hashable, Sendable {
    /// The SLO.
    public let slo: Name
    /// How the SLO counted, see `SLODocument.countingDigest`.
    public let definition: Digest
    /// The model.
    public let model: Name
    /// The name of the key.
    public let key: Name

    /// Makes the value from its fields.
    public init(slo: Name, definition: Digest, model: Name, key: Name) {
        self.slo = slo
        self.definition = definition
        self.model = model
        self.key = key
    }
}

/// The events of one key within one bucket.
public struct CallerSLIEvents: Hashable, Sendable {
    /// What the events count for.
    public let series: CallerSeries
    /// When they were, and how many.
    public let bucket: SLIBucket

    /// Events of `series`.
    public init(_ series: CallerSeries, _ bucket: SLIBucket) {
        self.series = series
        self.bucket = bucket
    }
}
