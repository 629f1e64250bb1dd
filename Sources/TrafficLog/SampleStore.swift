import Digests
import Foundation
import GRDB
import RegistryTypes
import SQLiteFiles

/// The samples of one canary in a file of their own, so that a killed run goes on where it was.
///
/// Commits are not synced one by one (WAL, NORMAL): a power cut may lose the last pairs, which are then run again with
/// the same answers; it never leaves half a pair.
public final class SampleStore: Sendable {
    /// The file.
    public let path: String
    private let pool: DatabasePool

    private init(path: String, pool: DatabasePool) {
        self.path = path
        self.pool = pool
    }

    // MARK: Opening

    /// Opens the samples of `run` to go on with them, or begins them.
    ///
    /// - Throws: ``TrafficLogError/otherRun(path:field:expected:found:)`` when the file belongs to another run.
    public static func open(path: String, run: RunIdentity) throws -> SampleStore {
        do {
            let tables = SQLiteFile.Migration(named: "samples/001_canary_samples.sql")
            let pool = try SQLiteFile.open(path, migrations: [tables], durability: .ordered)
            try pool.write { database in
                guard let found = try identity(in: database) else { return try begin(run, in: database) }
                for (wanted, stored) in zip(run.fields, found.fields) where wanted.value != stored.value {
                    throw TrafficLogError.otherRun(
                        path: path,
                        field: wanted.name,
                        expected: wanted.value,
                        found: stored.value
                    )
                }
            }
            return SampleStore(path: path, pool: pool)
        } catch {
            throw TrafficLogError.ofSamples(error, path)
        }
    }

    /// Closes the file; what is in the WAL moves into it.
    public func close() throws {
        do { try SQLiteFile.close(pool) } catch { throw TrafficLogError.ofSamples(error, path) }
    }

    // MARK: The run

    /// What the samples belong to.
    public func identity() async throws -> RunIdentity {
        let path = path
        return try await read { database in
            guard let found = try SampleStore.identity(in: database) else {
                throw TrafficLogError.damaged(path: path, why: "it belongs to no run")
            }
            return found
        }
    }

    /// Wall seconds of work so far, over all parts of the run, and how often it was taken up again.
    public func progress() async throws -> (elapsedSeconds: Double, resumed: Int) {
        try await read { database in
            let row = try Row.fetchOne(database, sql: "SELECT elapsedSeconds, resumed FROM run")
            return (elapsedSeconds: row?[0] ?? 0, resumed: row?[1] ?? 0)
        }
    }

    /// Notes that the run was taken up again.
    public func noteResumed() async throws {
        try await write { try $0.execute(sql: "UPDATE run SET resumed = resumed + 1") }
    }

    // MARK: Samples

    /// Stores a pair, both samples or none, and the seconds of work since the pair before.
    ///
    /// - Returns: False when the pair was there already; the first answers stay.
    /// - Throws: ``TrafficLogError/contradiction(path:why:)`` when the place or the request has other samples.
    @discardableResult
    public func insert(_ pair: SamplePair, elapsedSeconds: Double = 0) async throws -> Bool {
        try await insert([pair], elapsedSeconds: elapsedSeconds) == 1
    }

    /// Stores pairs in one transaction.
    ///
    /// - Returns: How many of them were new.
    @discardableResult
    public func insert(_ pairs: [SamplePair], elapsedSeconds: Double = 0) async throws -> Int {
        let path = path
        return try await write { database in
            var added = 0
            for pair in pairs {
                let baseline = try SampleRow.insert(pair, .baseline, into: database)
                let candidate = try SampleRow.insert(pair, .candidate, into: database)
                guard baseline == candidate else {
                    throw TrafficLogError.contradiction(path: path, why: "half of pair \(pair.position) was there")
                }
                if baseline {
                    added += 1
                } else if try SampleRow.request(at: pair, in: database) != pair.request {
                    throw TrafficLogError.contradiction(
                        path: path,
                        why: "position \(pair.position) or request \(pair.request) is taken"
                    )
                }
            }
            try database.cachedStatement(sql: "UPDATE run SET elapsedSeconds = elapsedSeconds + ?")
                .execute(arguments: [max(0, elapsedSeconds)])
            return added
        }
    }

    /// The positions whose request was run as often as the run asks for, with both samples each time.
    public func completedPositions() async throws -> Set<Int> {
        try await read { database in
            try Set(
                Int.fetchCursor(
                    database,
                    sql: "SELECT position FROM sample GROUP BY position HAVING count(*) = 2 * (SELECT repeats FROM run)"
                )
            )
        }
    }

    /// How many pairs there are.
    public func pairCount() async throws -> Int {
        try await read { try Int.fetchOne($0, sql: "SELECT count(*) / 2 FROM sample") ?? 0 }
    }

    /// All pairs in the drawn order.
    public func allPairs() async throws -> [SamplePair] {
        let path = path
        return try await read { try SampleRow.pairs(in: $0, path: path) }
    }

    // MARK: Inside

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do { return try await pool.read(body) } catch { throw TrafficLogError.ofSamples(error, path) }
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do { return try await pool.write(body) } catch { throw TrafficLogError.ofSamples(error, path) }
    }

    private static func begin(_ run: RunIdentity, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO run (only, canary, seed, requests, repeats, trafficDigest, documentDigest, baselineDigest,
                    candidateDigest, engineNumerics) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                run.canary.number, Int64(bitPattern: run.seed), run.requests, run.repeats, Data(run.traffic.bytes),
                Data(run.document.bytes), Data(run.baseline.bytes), Data(run.candidate.bytes), run.engineNumerics,
            ]
        )
    }

    private static func identity(in database: Database) throws -> RunIdentity? {
        let sql = """
            SELECT canary, seed, requests, repeats, trafficDigest, documentDigest, baselineDigest, candidateDigest,
                engineNumerics FROM run
            """
        guard let row = try Row.fetchOne(database, sql: sql) else { return nil }
        func digest(_ index: Int) throws -> Digest { try Digest(bytes: Array(row.decode(Data.self, atIndex: index))) }
        return RunIdentity(
            canary: CanaryID(try row.decode(Int.self, atIndex: 0)),
            seed: UInt64(bitPattern: try row.decode(Int64.self, atIndex: 1)),
            requests: try row.decode(Int.self, atIndex: 2),
            repeats: try row.decode(Int.self, atIndex: 3),
            traffic: try digest(4),
            document: try digest(5),
            baseline: try digest(6),
            candidate: try digest(7),
            engineNumerics: try row.decode(Int.self, atIndex: 8)
        )
    }
}
