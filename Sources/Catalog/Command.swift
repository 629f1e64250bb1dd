import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes

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
            sql: "INSERT INTO idempotency (actor, key, fingerprint, firstSeq, lastSeq, time) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            actor, key.text, key.fingerprint.column, first, first + count - 1, time.milliseconds,
        ])
        try database.cachedStatement(
            sql: "DELETE FROM idempotency WHERE time < ? OR id <= (SELECT max(id) FROM idempotency) - ?"
        ).execute(arguments: [time.milliseconds - IdempotencyKey.keptMilliseconds, IdempotencyKey.keptCount])
    }
}
