import Digests
import GRDB
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
        if let key, let before = try earlierAnswer(to: key, database) { return before }
        let state = CatalogState(database)
        let head = try state.head().seq
        if let expectedHead, expectedHead != head { throw CatalogError.headMoved(expected: expectedHead, actual: head) }
        let entries = try log.append(decide(state), actor: actor, time: time)
        if let key { try remember(key, first: head + 1, count: entries.count, database) }
        return entries
    }

    private func earlierAnswer(to key: IdempotencyKey, _ database: Database) throws -> [Event]? {
        let state = CatalogState(database)
        let found = try state.first(
            "SELECT fingerprint, firstSeq, lastSeq FROM idempotency WHERE actor = ? AND key = ?",
            [actor, key.text]
        ) { (fingerprint: try $0.digest(0), first: try $0.int(1), last: try $0.int(2)) }
        guard let found else { return nil }
        guard found.fingerprint == key.fingerprint else { throw CatalogError.keyReused(key.text) }
        return try state.events(from: found.first, to: found.last)
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
