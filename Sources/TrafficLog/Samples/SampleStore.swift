import Digests
import Foundation
import GRDB
import RegistryTypes
import SQLiteFiles
import StrictJSON

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
            let migrations = ["samples/001_canary_samples.sql", "samples/002_thinking_and_calls.sql"]
            let pool = try SQLiteFile.open(
                path,
                migrations: try migrations.map { try SQLiteFile.Migration(named: $0) },
                durability: .ordered
            )
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

    /// Opens the samples of a run that has ended, to read them.
    ///
    /// - Throws: ``TrafficLogError/noSamples(path:)`` where there are none; else as ``open(path:run:)``.
    public static func reopen(path: String, run: RunIdentity) throws -> SampleStore {
        guard FileManager.default.fileExists(atPath: path) else { throw TrafficLogError.noSamples(path: path) }
        let store = try open(path: path, run: run)
        let isEmpty: Bool
        do {
            isEmpty = try store.pool.read {
                try Bool.fetchOne($0, sql: "SELECT NOT EXISTS (SELECT 1 FROM sample)") ?? true
            }
        } catch { throw TrafficLogError.ofSamples(error, path) }
        guard !isEmpty else {
            try store.close()
            throw TrafficLogError.noSamples(path: path)
        }
        return store
    }

    /// Closes the file; what is in the WAL moves into it.
    public func close() throws {
        do { try SQLiteFile.close(pool) } catch { throw TrafficLogError.ofSamples(error, path) }
    }

    // MARK: The run

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

    /// All pairs in the drawn order.
    public func allPairs() async throws -> [SamplePair] { try await pairs(in: 0..<Int.max) }

    /// The pairs of `count` places in the drawn order, from one place on.
    public func pairs(from first: Int, count: Int) async throws -> [SamplePair] {
        try await pairs(in: first..<first + count)
    }

    private func pairs(in places: Range<Int>) async throws -> [SamplePair] {
        let path = path
        return try await read { try SampleRow.pairs(in: $0, places: places, path: path) }
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

/// How a sample is a row.
enum SampleRow {
    /// Adds one sample of `pair` unless it is there.
    ///
    /// - Returns: Whether it was added.
    static func insert(_ pair: SamplePair, _ arm: SamplePair.Arm, into database: Database) throws -> Bool {
        let sample = arm == .baseline ? pair.baseline : pair.candidate
        let metrics = String(decoding: try CanonicalJSON.encode(sample.metrics), as: UTF8.self)
        let calls = try sample.calls.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) }
        // A bound text ends at U+0000, and a model may write one.
        let isEscaped = [sample.text, sample.error, sample.thinking].contains { $0?.utf8.contains(0) == true }
        func column(_ text: String?) throws -> String? {
            isEscaped ? try text.map { String(decoding: try CanonicalJSON.encode($0), as: UTF8.self) } : text
        }
        try database.cachedStatement(
            sql: """
                INSERT INTO sample (position, request, arm, repeat, ranFirst, status, text, error, finish, promptTokens,
                    outputTokens, ttftSeconds, tpotSeconds, totalSeconds, answerScore, answerScoreTokens, metrics,
                    thinking, calls, isEscaped)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [
            pair.position, pair.request, arm.rawValue, pair.repetition, pair.first == arm,
            sample.error == nil ? "ok" : "failed", try column(sample.text), try column(sample.error), sample.finish,
            sample.promptTokens,
            sample.outputTokens, sample.ttftSeconds, sample.tpotSeconds, sample.totalSeconds, sample.answerScore,
            sample.answerScoreTokens, metrics, try column(sample.thinking), calls, isEscaped,
        ])
        return database.changesCount == 1
    }

    /// The request whose samples are at the place of `pair`.
    static func request(at pair: SamplePair, in database: Database) throws -> String? {
        try String.fetchOne(
            database.cachedStatement(
                sql: "SELECT request FROM sample WHERE position = ? AND repeat = ? AND arm = 'baseline'"
            ),
            arguments: [pair.position, pair.repetition]
        )
    }

    /// The pairs at some places, in the drawn order.
    static func pairs(in database: Database, places: Range<Int>, path: String) throws -> [SamplePair] {
        let cursor = try Row.fetchCursor(
            database,
            sql: """
                SELECT position, request, repeat, arm, ranFirst, text, error, finish, promptTokens, outputTokens,
                    ttftSeconds, tpotSeconds, totalSeconds, answerScore, answerScoreTokens, metrics, thinking, calls,
                    isEscaped
                FROM sample WHERE position >= ? AND position < ? ORDER BY position, repeat, arm
                """,
            arguments: [places.lowerBound, places.upperBound]
        )
        var pairs: [SamplePair] = []
        while let row = try cursor.next() {
            let position: Int = row[0], request: String = row[1], repetition: Int = row[2]
            let ranFirst: Bool = row[4]
            guard row[3] == "baseline" else {
                throw TrafficLogError.damaged(path: path, why: "the baseline's sample at \(position) is missing")
            }
            let baseline = try sample(row)
            guard let other = try cursor.next(), other[0] == position, other[2] == repetition, other[1] == request
            else {
                throw TrafficLogError.damaged(path: path, why: "the candidate's sample at \(position) is missing")
            }
            pairs.append(
                SamplePair(
                    position: position,
                    request: request,
                    repetition: repetition,
                    first: ranFirst ? .baseline : .candidate,
                    baseline: baseline,
                    candidate: try sample(other)
                )
            )
        }
        return pairs
    }

    private static func sample(_ row: Row) throws -> Sample {
        let calls: String? = row[17], isEscaped: Bool = row[18]
        func text(_ index: Int) throws -> String? {
            let stored: String? = row[index]
            return isEscaped ? try stored.map { try CanonicalJSON.decode(String.self, from: Data($0.utf8)) } : stored
        }
        return Sample(
            text: try text(5),
            thinking: try text(16),
            calls: try calls.map { try CanonicalJSON.decode([ToolCall].self, from: Data($0.utf8)) },
            error: try text(6),
            finish: row[7],
            promptTokens: row[8],
            outputTokens: row[9],
            ttftSeconds: row[10],
            tpotSeconds: row[11],
            totalSeconds: row[12],
            answerScore: row[13],
            answerScoreTokens: row[14],
            metrics: try CanonicalJSON.decode([String: Double].self, from: Data((row[15] as String).utf8))
        )
    }
}
