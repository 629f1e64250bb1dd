import Digests
public import Foundation
import GRDB
import RegistryRecords
public import RegistryTypes
import SQLiteFiles
import StrictJSON

/// Counts by minute in one file, kept long after the requests themselves: events of service levels, traffic, and
/// summaries for drift analysis. Every batch and every merge is one transaction: after a crash it is there or not.
public final class RollupStore: Sendable {
    /// Makes one encoded value of two.
    public typealias Merge = @Sendable (_ left: Data, _ right: Data) throws -> Data

    /// The file.
    public let path: String
    let pool: DatabasePool
    let mergeLatencies: Merge
    let mergeDrift: Merge
    private let failpoint: @Sendable (String) -> Void

    /// Opens the file, made when there is none.
    ///
    /// - Parameters:
    ///   - mergeLatencies: Adds up the histograms of ``TrafficMinute/latencies``.
    ///   - mergeDrift: Adds up ``DriftRollup/summary``.
    ///   - failpoint: Called with `rollup.added`, `rollup.merged` and `rollup.pruned` before a commit and with
    ///     `rollup.committed` after one.
    /// - Throws: ``TrafficLogError/damagedLog(path:why:)``, ``TrafficLogError/noRoom(path:)``.
    public init(
        path: String,
        mergeLatencies: @escaping Merge,
        mergeDrift: @escaping Merge,
        failpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        self.path = path
        self.mergeLatencies = mergeLatencies
        self.mergeDrift = mergeDrift
        self.failpoint = failpoint
        do {
            let tables = try ["rollups/001_rollups.sql", "rollups/002_callers.sql"].map {
                try SQLiteFile.Migration(named: $0)
            }
            pool = try SQLiteFile.open(
                path,
                migrations: tables,
                durability: .ordered,
                checking: SQLiteFile.checkPages
            )
        } catch {
            throw TrafficLogError.ofLog(error, path)
        }
    }

    /// Closes the file; what is in its log moves into it.
    public func close() throws {
        do { try SQLiteFile.close(pool) } catch { throw TrafficLogError.ofLog(error, path) }
    }

    // MARK: Adding

    /// Adds the counts of a batch to what is there, all of it or, when it throws, nothing.
    ///
    /// - Throws: ``TrafficLogError``: ``TrafficLogError/noRoom(path:)`` when the disk is full; what a merge throws.
    public func add(_ batch: RollupBatch) async throws {
        guard !batch.isEmpty else { return }
        try await write("rollup.added") { database in
            for events in batch.slis { try Self.add(events, to: database) }
            for events in batch.callers { try Self.add(events, to: database) }
            for minute in batch.traffic { try self.add(minute, to: database) }
            for summary in batch.drift { try self.add(summary, to: database) }
            for (name, value) in batch.marks {
                try database.cachedStatement(
                    sql: "INSERT INTO mark VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
                ).execute(arguments: [name, value])
            }
        }
    }

    private static func add(_ events: SLIEvents, to database: Database) throws {
        let bucket = events.bucket
        try database.cachedStatement(
            sql: """
                INSERT INTO sli (series, start, seconds, valid, bad) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET valid = valid + excluded.valid, bad = bad + excluded.bad
                """
        ).execute(arguments: [
            try id(of: events.series, in: database), bucket.start, bucket.seconds, bucket.valid, bucket.bad,
        ])
    }

    /// The number of a series, given to it when it is new.
    private static func id(of series: SLISeries, in database: Database) throws -> Int64 {
        let values: StatementArguments = [
            series.slo.text, Data(series.definition.bytes), series.model.text, series.release, series.arm.rawValue,
        ]
        let known = try database.cachedStatement(
            sql: "SELECT id FROM series WHERE (slo, definition, model, release, arm) = (?, ?, ?, ?, ?)"
        )
        if let id = try Int64.fetchOne(known, arguments: values) { return id }
        try database.execute(
            sql: "INSERT INTO series (slo, definition, model, release, arm) VALUES (?, ?, ?, ?, ?)",
            arguments: values
        )
        return database.lastInsertedRowID
    }

    private func add(_ minute: TrafficMinute, to database: Database) throws {
        let stored = try Row.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT outcomes, promptTokens, outputTokens, latencies FROM traffic
                    WHERE minute = ? AND model = ? AND release = ? AND arm = ?
                    """
            ),
            arguments: [minute.minute, minute.model.text, minute.release, minute.arm.rawValue]
        )
        var outcomes = Dictionary(uniqueKeysWithValues: minute.outcomes.map { ($0.key.rawValue, $0.value) })
        var latencies = minute.latencies
        if let stored {
            let before = try CanonicalJSON.decode([String: Int].self, from: Data((stored[0] as String).utf8))
            outcomes.merge(before, uniquingKeysWith: +)
            if let kept = stored[3] as Data? { latencies = try latencies.map { try mergeLatencies(kept, $0) } ?? kept }
        }
        let beforePrompt: Int = stored?[1] ?? 0
        let beforeOutput: Int = stored?[2] ?? 0
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO traffic VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                minute.minute, minute.model.text, minute.release, minute.arm.rawValue,
                outcomes.values.reduce(0, +), String(decoding: try CanonicalJSON.encode(outcomes), as: UTF8.self),
                beforePrompt + minute.promptTokens, beforeOutput + minute.outputTokens, latencies,
            ])
    }

    func add(_ drift: DriftRollup, to database: Database) throws {
        let kept = try Data.fetchOne(
            database.cachedStatement(
                sql:
                    "SELECT summary FROM drift WHERE (model, release, epoch, start, seconds) = (?, ?, ?, ?, ?)"
            ),
            arguments: [drift.model.text, drift.release, drift.epoch, drift.start, drift.seconds]
        )
        let summary = try kept.map { try mergeDrift($0, drift.summary) } ?? drift.summary
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO drift VALUES (?, ?, ?, ?, ?, ?)")
            .execute(arguments: [
                drift.model.text, drift.release, drift.epoch, drift.start, drift.seconds, summary,
            ])
    }

    // MARK: Inside

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do { return try await pool.read(body) } catch { throw TrafficLogError.ofLog(error, path) }
    }

    func write<Value: Sendable>(
        _ place: String,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let failpoint = failpoint
        do {
            let value = try await pool.write { database in
                let value = try body(database)
                failpoint(place)
                return value
            }
            failpoint("rollup.committed")
            return value
        } catch {
            throw TrafficLogError.ofLog(error, path)
        }
    }
}

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

    /// How far another log is counted, see ``RollupBatch/marks``; nil before it was.
    public func mark(_ name: String) async throws -> Int64? {
        try await read { try Int64.fetchOne($0, sql: "SELECT value FROM mark WHERE name = ?", arguments: [name]) }
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
