import Digests
import Foundation
import GRDB
public import RegistryRecords
public import RegistryTypes
import SQLiteFiles
import Synchronization

/// The event log and its projections in one SQLite file. Commands are the only way to change anything: read the
/// state, decide, and name the events; the log, the tables and the answer follow from these.
///
/// One process owns the file (see the lock of the data folder), one task writes, and every answer to a command is on
/// the disk before it is given.
public final class Catalog: Sendable {
    /// The file.
    public let path: String
    let pool: DatabasePool
    let headFile: HeadFile
    private let queue = CommandQueue()
    let lanes = ReadLanes()
    private let failpoint: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// What the opening found.
    private struct State {
        var end = LogEnd.whole
        /// What is missed at the end and nobody accepted; nothing is written while there is some.
        var loss: LogLoss?
    }

    init(path: String, pool: DatabasePool, failpoint: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.pool = pool
        self.failpoint = failpoint
        headFile = HeadFile(path: path + ".head")
        state = Mutex(State())
    }

    // MARK: Opening

    /// How the end of the log stood to the acknowledged head when the file was opened.
    public var end: LogEnd { state.withLock { $0.end } }

    /// Events that were acknowledged and are missed, as long as nobody accepted that: the log takes no changes.
    public var loss: LogLoss? { state.withLock { $0.loss } }

    /// Why the acknowledged head is not on the disk a second time; nil while it is.
    public var headProblem: String? { headFile.problem }

    /// Takes the log as it is, for a change that says so in it.
    public func acceptLoss() {
        state.withLock { $0.loss = nil }
        headFile.forget()
    }

    /// Opens the catalog at `path`, made when there is none; replays the projections when this build has other tables.
    ///
    /// - Parameter failpoint: Called with `catalog.appended` before a commit and `catalog.committed` before its answer.
    /// - Throws: ``CatalogError`` when the file is damaged, newer than this build, or would not sync its commits.
    public static func open(
        path: String,
        failpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> Catalog {
        do {
            let pool = try SQLiteFile.open(
                path,
                migrations: RegistrySQL.migrations.map { SQLiteFile.Migration(name: $0.name, sql: $0.text) },
                durability: .everyCommit,
                readers: ReadLane.allCases.reduce(0) { $0 + $1.readers },
                busySeconds: 2,
                checking: SQLiteFile.checkPages
            )
            let catalog = Catalog(path: path, pool: pool, failpoint: failpoint)
            try catalog.refreshProjections()
            let end = try catalog.compareHead()
            catalog.state.withLock { $0 = State(end: end, loss: end.loss) }
            return catalog
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    private func refreshProjections() throws {
        guard try !pool.read({ try ProjectionTables(database: $0).areCurrent() }) else { return }
        _ = try pool.writeWithoutTransaction { try remakeProjections($0) }
    }

    /// Waits for commands that were taken, then closes the file. Later commands are refused.
    public func close() async throws {
        await queue.close()?.value
        headFile.close()
        do { try SQLiteFile.close(pool) } catch { throw CatalogError.translating(error, path: path) }
    }

    // MARK: Changing

    /// Makes the change that `command` decides, and answers once it is on the disk.
    ///
    /// `command` sees the state with all commands before it and must do nothing but decide: it runs on the writer's
    /// thread, and others wait. When it throws, or its events contradict the state, nothing of it is kept.
    ///
    /// - Parameters:
    ///   - actor: Who causes it.
    ///   - time: The server's clock.
    ///   - expectedHead: The event after which the command was prepared; refused when the log has grown.
    /// - Throws: What `command` throws; ``CatalogError``.
    public func append<Answer: Sendable>(
        actor: String,
        time: Timestamp,
        expectedHead: Int? = nil,
        command: @escaping @Sendable (CatalogState) throws -> Change<Answer>
    ) async throws -> Appended<Answer> {
        let author = Author(actor: actor, time: time, key: nil, expectedHead: expectedHead)
        guard case .now(let appended) = try await run(author, command) else {
            throw CatalogError.storage(path: path, why: "a change without a key was answered as a retry")
        }
        return appended
    }

    /// Makes the change that `command` decides, once for each key of an actor: when the actor used the key before for
    /// the same request, the events of that time are the answer and the command does not run.
    ///
    /// - Throws: What `command` throws; ``CatalogError``, also `keyReused` for another request under the same key.
    public func append<Answer: Sendable>(
        actor: String,
        time: Timestamp,
        idempotencyKey: IdempotencyKey?,
        command: @escaping @Sendable (CatalogState) throws -> Change<Answer>
    ) async throws -> AppendedOnce<Answer> {
        try await run(Author(actor: actor, time: time, key: idempotencyKey, expectedHead: nil), command)
    }

    /// Appends the events that `command` decides.
    ///
    /// - Returns: The events, those of the first time when the key was used before.
    /// - Throws: What `command` throws; ``CatalogError``.
    @discardableResult
    public func append(
        actor: String,
        time: Timestamp,
        idempotencyKey: IdempotencyKey? = nil,
        expectedHead: Int? = nil,
        command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async throws -> [LoggedEvent] {
        let author = Author(actor: actor, time: time, key: idempotencyKey, expectedHead: expectedHead)
        return switch try await run(author, { Change(try command($0)) }) {
        case .now(let appended): appended.events
        case .before(let events): events
        }
    }

    private func run<Answer: Sendable>(
        _ author: Author,
        _ decide: @escaping @Sendable (CatalogState) throws -> Change<Answer>
    ) async throws -> AppendedOnce<Answer> {
        if let loss { throw CatalogError.logLost(loss) }
        return try await withCheckedThrowingContinuation { continuation in
            let command = Command(author, decide: decide, continuation)
            // The writer is a task of its own, owned by the queue and waited for by `close()`: a client that goes
            // away must not cancel the transaction in which the commands of others are.
            let isTaken = queue.add(command) { Task { await self.writeUntilEmpty() } }
            if !isTaken { command.fail(CatalogError.closed) }
        }
    }

    private func writeUntilEmpty() async {
        repeat {
            do {
                let answers = try await pool.writeWithoutTransaction { database in
                    CommandBatch(
                        database: database,
                        path: self.path,
                        queue: self.queue,
                        headFile: self.headFile,
                        failpoint: self.failpoint
                    ).write()
                }
                for (command, result) in answers {
                    switch result {
                    case .success(let written): written.succeed()
                    case .failure(let error): command.fail(error)
                    }
                }
            } catch {
                let error = CatalogError.translating(error, path: path)
                while let command = queue.next() { command.fail(error) }
            }
        } while queue.hasMore()
    }

    // MARK: Reading

    /// Reads from one unchanging state: the newest committed one.
    ///
    /// - Parameter lane: Whose readers it takes.
    /// - Throws: What `body` throws; ``CatalogError``; `CancellationError`.
    public func read<Value: Sendable>(
        _ lane: ReadLane = .usual,
        _ body: @escaping @Sendable (CatalogState) throws -> Value
    ) async throws -> Value {
        do {
            return try await lanes.run(lane) { try await pool.read { try body(CatalogState($0)) } }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }
}
