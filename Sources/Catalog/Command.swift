import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import Synchronization

/// One change of the registry as it waits for the writer. What it answers is known to the closures only, so that
/// commands with different answers share a queue and a transaction.
struct Command: Sendable {
    /// A command that is written, and not on the disk yet.
    struct Written: Sendable {
        /// Whether it added to the log.
        let hasEvents: Bool
        /// Answers the caller; called when the commit is on the disk.
        let succeed: @Sendable () -> Void
    }

    /// Decides and appends, inside the writer's transaction.
    let write: @Sendable (EventLog) throws -> Written
    /// Answers the caller that it was not done.
    let fail: @Sendable (any Error) -> Void

    /// A command whose caller waits in `continuation`.
    init<Answer: Sendable>(
        _ author: Author,
        decide: @escaping @Sendable (CatalogState) throws -> Change<Answer>,
        _ continuation: CheckedContinuation<AppendedOnce<Answer>, any Error>
    ) {
        write = { log in
            let state = CatalogState(log.database)
            if let key = author.key, let before = try state.answer(to: key, by: author.actor) {
                return Written(hasEvents: false) { continuation.resume(returning: .before(before)) }
            }
            let head = try state.head().seq
            if let expected = author.expectedHead, expected != head {
                throw CatalogError.headMoved(expected: expected, actual: head)
            }
            let change = try decide(state)
            let events = try log.append(change.events, actor: author.actor, time: author.time)
            let appended = Appended(events: events, answer: try change.answer(state, events))
            try author.remember(first: head + 1, count: events.count, log.database)
            return Written(hasEvents: !events.isEmpty) { continuation.resume(returning: .now(appended)) }
        }
        fail = { continuation.resume(throwing: $0) }
    }
}

/// Who causes a change, when, and what makes the request unique.
struct Author: Sendable {
    let actor: String
    let time: Timestamp
    let key: IdempotencyKey?
    let expectedHead: Int?

    /// Notes the answer under the key, so that a retry gets it.
    func remember(first: Int, count: Int, _ database: Database) throws {
        guard let key else { return }
        try database.cachedStatement(
            sql: """
                INSERT INTO idempotency (actor, key, fingerprint, firstSeq, lastSeq, time, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            actor, key.text, key.fingerprint.column, first, first + count - 1, time.milliseconds,
            AnswerDigest.of(actor, key.text, key.fingerprint, first, first + count - 1, time.milliseconds).column,
        ])
        try database.cachedStatement(
            sql: "DELETE FROM idempotency WHERE time < ? OR id <= (SELECT max(id) FROM idempotency) - ?"
        ).execute(arguments: [time.milliseconds - IdempotencyKey.keptMilliseconds, IdempotencyKey.keptCount])
    }
}

/// Commands that wait for the writer, and whether one is at work. At most one task writes at a time.
final class CommandQueue: Sendable {
    private struct State {
        var waiting: [Command] = []
        var taken = 0
        var writer: Task<Void, Never>?
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Adds `command`; when nobody is writing, `start` makes the task that will, which the queue then owns.
    ///
    /// - Returns: False when the queue is closed; the command was not taken then.
    func add(_ command: Command, start: () -> Task<Void, Never>) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.waiting.append(command)
            if state.writer == nil { state.writer = start() }
            return true
        }
    }

    /// The next command, for a transaction that is open; nil when none waits.
    func next() -> Command? {
        state.withLock { state in
            guard state.taken < state.waiting.count else {
                state.waiting.removeAll(keepingCapacity: true)
                state.taken = 0
                return nil
            }
            defer { state.taken += 1 }
            return state.waiting[state.taken]
        }
    }

    /// Whether the writer has more to do; when not, it is no longer the writer.
    func hasMore() -> Bool {
        state.withLock { state in
            if state.taken < state.waiting.count { return true }
            state.writer = nil
            return false
        }
    }

    /// Takes no more commands; returns the writer that still works, to be waited for.
    func close() -> Task<Void, Never>? {
        state.withLock { state in
            state.isClosed = true
            return state.writer
        }
    }
}

/// Commands that share a transaction, and so one sync of the disk: each in a savepoint of its own, so that one that is
/// refused takes nothing with it, and all answered after the commit.
struct CommandBatch {
    let database: Database
    let path: String
    let queue: CommandQueue
    let headFile: HeadFile
    let failpoint: @Sendable (String) -> Void

    /// Commands in one transaction at most.
    private static let count = 256
    /// A transaction takes no more commands after this time, so that the first of them does not wait long.
    private static let time = Duration.milliseconds(2)

    typealias Answer = (command: Command, result: Result<Command.Written, any Error>)

    /// Writes what waits and returns the answers, all of which are on the disk.
    func write() -> [Answer] {
        var answers: [Answer] = []
        do {
            try database.beginTransaction(.immediate)
        } catch {
            let error = CatalogError.translating(error, path: path)
            while let command = queue.next() { answers.append((command, .failure(error))) }
            return answers
        }
        let start = ContinuousClock.now
        while answers.count < Self.count, ContinuousClock.now - start < Self.time, let command = queue.next() {
            let result = write(command)
            answers.append((command, result))
            if !database.isInsideTransaction {
                // SQLite itself gave up the whole transaction, as it may when the disk is full.
                if case .failure(let error) = result { fail(&answers, error) }
                return answers
            }
        }
        let hasEvents = answers.contains {
            if case .success(let written) = $0.result { written.hasEvents } else { false }
        }
        do {
            if hasEvents { failpoint("catalog.appended") }
            try database.commit()
        } catch {
            try? database.rollback()
            fail(&answers, error)
            return answers
        }
        if hasEvents {
            failpoint("catalog.committed")
            keepHead()
        }
        return answers
    }

    /// Keeps the head of the log a second time, one sync for all that wait. Where that fails the changes are on the disk all the
    /// same, and are answered so: the catalog says what is wrong with the file, and the next batch makes it anew.
    private func keepHead() {
        guard let head = try? CatalogState(database).head() else { return headFile.forget() }
        try? headFile.write(AcknowledgedHead(seq: head.seq, hash: head.hash))
    }

    /// Takes back what was promised to commands that went well.
    private func fail(_ answers: inout [Answer], _ error: any Error) {
        let error = CatalogError.translating(error, path: path)
        for index in answers.indices {
            if case .success = answers[index].result { answers[index].result = .failure(error) }
        }
    }

    private func write(_ command: Command) -> Result<Command.Written, any Error> {
        do {
            try database.execute(sql: "SAVEPOINT command")
            let written = try command.write(EventLog(database: database, path: path))
            try database.execute(sql: "RELEASE command")
            return .success(written)
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
}
