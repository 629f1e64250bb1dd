import Digests
import Foundation
import GRDB
public import RegistryTypes

/// The event log and its projections in one SQLite file. Commands are the only way to change anything: read the
/// state, decide, and name the events; the log, the tables and the answer follow from these.
///
/// One process owns the file (see the lock of the data folder), one task writes, and every answer to a command is on
/// the disk before it is given.
public final class Catalog: Sendable {
    /// The file.
    public let path: String
    private let pool: DatabasePool
    private let queue = CommandQueue()
    private let failpoint: @Sendable (String) -> Void

    /// Commands in one transaction at most.
    static let batchCount = 256
    /// A transaction takes no more commands after this time, so that the first of them does not wait long.
    static let batchTime = Duration.milliseconds(2)

    /// The largest file whose pages are checked at every start (about 0.1 s).
    static let checkedAtStartBytes = 64 << 20

    private init(path: String, pool: DatabasePool, failpoint: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.pool = pool
        self.failpoint = failpoint
    }

    // MARK: Opening

    /// Opens the catalog at `path`, made when there is none; replays the projections when this build has other tables.
    ///
    /// - Parameter failpoint: Called with `catalog.appended` before a commit and `catalog.committed` before its answer.
    /// - Throws: ``CatalogError`` when the file is damaged, newer than this build, or would not sync its commits.
    public static func open(
        path: String,
        failpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Catalog {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(2)
            configuration.maximumReaderCount = 4
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA cell_size_check = ON")
            }
            let pool = try DatabasePool(path: path, configuration: configuration)
            let catalog = Catalog(path: path, pool: pool, failpoint: failpoint)
            try catalog.checkPages()
            try catalog.migrate()
            try catalog.requireDurability()
            try catalog.refreshProjections()
            return catalog
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    private func migrate() throws {
        var migrator = DatabaseMigrator()
        for file in RegistrySQL.migrations {
            migrator.registerMigration(file.name) { database in try database.execute(sql: file.text) }
        }
        guard try !pool.read(migrator.hasBeenSuperseded) else { throw CatalogError.newer(path: path) }
        try migrator.migrate(pool)
    }

    /// GRDB sets a pool to NORMAL, which loses acknowledged commits in a power cut; set after it, and read back.
    private func requireDurability() throws {
        let synchronous = try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard synchronous == 2 else { throw CatalogError.notDurable(path: path, synchronous: synchronous ?? -1) }
    }

    /// A file of ordinary size is checked at every start, before anything is written to it. Only its pages: a log that
    /// somebody edited can still be served, and ``verifyChain(known:)`` names the event.
    private func checkPages() throws {
        let problem = try pool.read { database in
            let bytes = try Int.fetchOne(
                database,
                sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            )
            guard (bytes ?? 0) <= Self.checkedAtStartBytes else { return "ok" }
            return try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        }
        guard problem == "ok" else { throw CatalogError.damaged(path: path, why: problem) }
    }

    private func refreshProjections() throws {
        guard try !pool.read({ try ProjectionTables(database: $0).areCurrent() }) else { return }
        _ = try pool.writeWithoutTransaction { try remakeProjections($0) }
    }

    /// Waits for commands that were taken, then closes the file. Later commands are refused.
    public func close() async throws {
        await queue.close()?.value
        // The last connection to close may be one that only reads, which would leave everything in the WAL. That is
        // no loss, so a failure (a full disk) is none either.
        _ = try? await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
        do { try pool.close() } catch { throw CatalogError.translating(error, path: path) }
    }

    // MARK: Changing

    /// Runs a command and returns its events once they are on the disk.
    ///
    /// `command` sees the state with all commands before it and must do nothing but decide: it runs on the writer's
    /// thread, and others wait. When it throws, or its events contradict the state, nothing of it is kept.
    ///
    /// - Parameters:
    ///   - actor: Who causes it.
    ///   - time: The server's clock.
    ///   - idempotencyKey: When the actor used it before for the same request, the events of that time are returned
    ///     and the command does not run.
    ///   - expectedHead: The event after which the command was prepared; refused when the log has grown.
    /// - Throws: What `command` throws; ``CatalogError``.
    public func append(
        actor: String,
        time: Timestamp,
        idempotencyKey: IdempotencyKey? = nil,
        expectedHead: Int? = nil,
        command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async throws -> [Event] {
        try await withCheckedThrowingContinuation { answer in
            let command = Command(
                actor: actor,
                time: time,
                key: idempotencyKey,
                expectedHead: expectedHead,
                decide: command,
                answer: answer
            )
            // The writer is a task of its own, owned by the queue and waited for by `close()`: a client that goes
            // away must not cancel the transaction in which the commands of others are.
            let isTaken = queue.add(command) { Task { await self.writeUntilEmpty() } }
            if !isTaken { answer.resume(throwing: CatalogError.closed) }
        }
    }

    private func writeUntilEmpty() async {
        repeat {
            do {
                let answers = try await pool.writeWithoutTransaction { self.writeBatch($0) }
                for (command, result) in answers { command.answer.resume(with: result) }
            } catch {
                let error = CatalogError.translating(error, path: path)
                while let command = queue.next() { command.answer.resume(throwing: error) }
            }
        } while queue.hasMore()
    }

    /// One transaction: each command in a savepoint of its own, all answers after the commit.
    private func writeBatch(_ database: Database) -> [(Command, Result<[Event], any Error>)] {
        var answers: [(command: Command, result: Result<[Event], any Error>)] = []
        func failAll(_ error: any Error) {
            let error = CatalogError.translating(error, path: path)
            for index in answers.indices {
                if case .success = answers[index].result { answers[index].result = .failure(error) }
            }
        }
        do {
            try database.beginTransaction(.immediate)
        } catch {
            while let command = queue.next() { answers.append((command, .success([]))) }
            failAll(error)
            return answers
        }
        let start = ContinuousClock.now
        while answers.count < Self.batchCount, ContinuousClock.now - start < Self.batchTime, let command = queue.next()
        {
            let result = write(command, database)
            answers.append((command, result))
            if !database.isInsideTransaction {
                // SQLite itself gave up the whole transaction, as it may when the disk is full.
                if case .failure(let error) = result { failAll(error) }
                return answers
            }
        }
        let changes = answers.contains { if case .success(let events) = $0.result { !events.isEmpty } else { false } }
        do {
            if changes { failpoint("catalog.appended") }
            try database.commit()
            if changes { failpoint("catalog.committed") }
        } catch {
            try? database.rollback()
            failAll(error)
        }
        return answers
    }

    private func write(_ command: Command, _ database: Database) -> Result<[Event], any Error> {
        do {
            try database.execute(sql: "SAVEPOINT command")
            let events = try command.run(EventLog(database: database, path: path))
            try database.execute(sql: "RELEASE command")
            return .success(events)
        } catch {
            if database.isInsideTransaction {
                do {
                    try database.execute(sql: "ROLLBACK TO command; RELEASE command")
                } catch {
                    // Half a command must not be committed with the whole ones.
                    try? database.rollback()
                }
            }
            return .failure(CatalogError.translating(error, path: path))
        }
    }

    // MARK: Reading

    /// Reads from one unchanging state: the newest committed one.
    ///
    /// - Throws: What `body` throws; ``CatalogError``; `CancellationError`.
    public func read<Value: Sendable>(
        _ body: @escaping @Sendable (CatalogState) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.read { try body(CatalogState($0)) }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    // MARK: Upkeep

    /// Reads the whole log and checks that every event is as it was written.
    ///
    /// - Parameter known: The number of an event that is known to have been written, to notice a log that was cut; the
    ///   events that the projections refer to are known anyway.
    public func verifyChain(known: Int = 0) async throws -> ChainReport {
        let path = path
        return try await read { state in
            let referred = try ProjectionTables(database: state.database).highestEvent()
            return try EventLog(database: state.database, path: path).verify(known: max(known, referred))
        }
    }

    /// Checks the pages, the indexes and the references of the file.
    public func checkIntegrity() async throws -> IntegrityReport {
        do {
            return try await pool.writeWithoutTransaction { database in
                let damage = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
                let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
                    "a row of \(row[0] as String? ?? "?") refers to a row of \(row[2] as String? ?? "?") that is not there"
                }
                return IntegrityReport(
                    damage: damage,
                    dangling: dangling,
                    sqliteVersion: try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? "unknown",
                    synchronous: try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? -1
                )
            }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    /// Drops the projections and replays the log.
    ///
    /// - Throws: ``CatalogError/damaged(path:why:)`` when an event cannot be replayed; the old tables stay then.
    public func rebuild() async throws -> RebuildReport {
        do {
            return try await pool.writeWithoutTransaction { try self.remakeProjections($0) }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    private func remakeProjections(_ database: Database) throws -> RebuildReport {
        // Foreign keys cannot be switched inside a transaction; they are checked before it ends.
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
        var report = RebuildReport(events: 0, tables: [])
        try database.inTransaction(.immediate) {
            let tables = ProjectionTables(database: database)
            let before = try Dictionary(
                uniqueKeysWithValues: tables.names().map { ($0, try tables.digest(of: $0).digest) }
            )
            try tables.remake()
            let events = try EventLog(database: database, path: path).replay()
            if try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") != nil {
                throw CatalogError.damaged(path: path, why: "the replayed tables refer to rows that are not there")
            }
            report = RebuildReport(
                events: events,
                tables: try tables.names().map { name in
                    let (digest, rows) = try tables.digest(of: name)
                    return RebuildReport.Table(name: name, rows: rows, before: before[name], after: digest)
                }
            )
            return .commit
        }
        return report
    }

    /// The content of all projections as text: a line per table and per row, equal for equal content.
    public func dump() async throws -> String {
        try await read { state in
            let tables = ProjectionTables(database: state.database)
            var text = ""
            for name in try tables.names() {
                text += "table \(name)\n"
                try tables.forEachLine(of: name) { text += $0 + "\n" }
            }
            return text
        }
    }
}
