import Digests
import GRDB
import RegistryRecords
import RegistryTypes

/// One change of the registry as it waits for the writer.
struct Command: Sendable {
    let actor: String
    let time: Timestamp
    let key: IdempotencyKey?
    let expectedHead: Int?
    let decide: @Sendable (CatalogState) throws -> [RegistryEvent]
    let answer: CheckedContinuation<[Event], any Error>

    /// Decides and appends, inside the writer's transaction.
    func run(_ log: EventLog) throws -> [Event] {
        let database = log.database
        let state = CatalogState(database)
        if let key, let before = try state.answer(to: key, by: actor) { return before }
        let head = try state.head().seq
        if let expectedHead, expectedHead != head { throw CatalogError.headMoved(expected: expectedHead, actual: head) }
        let entries = try log.append(decide(state), actor: actor, time: time)
        if let key { try remember(key, first: head + 1, count: entries.count, database) }
        return entries
    }

    private func remember(_ key: IdempotencyKey, first: Int, count: Int, _ database: Database) throws {
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
