import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes

/// The table `event`, seen from the one writer.
struct EventLog {
    let database: Database
    let path: String

    /// Adds `events` to the end and applies them to the projections.
    func append(_ events: [RegistryEvent], actor: String, time: Timestamp) throws -> [LoggedEvent] {
        guard !events.isEmpty else { return [] }
        var (seq, previous) = try CatalogState(database).head()
        return try events.map { event in
            seq += 1
            let text = String(decoding: try event.body(), as: UTF8.self)
            let hash = EventHash.of(
                seq: seq,
                time: time,
                actor: actor,
                kind: event.kind,
                subject: event.subject,
                body: text,
                previous: previous
            )
            let entry = Event(
                seq: seq,
                time: time,
                actor: actor,
                kind: event.kind,
                subject: event.subject,
                body: text,
                previous: previous,
                hash: hash
            )
            try database.cachedStatement(
                sql: """
                    INSERT INTO event (seq, time, actor, kind, subject, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                seq, time.milliseconds, actor, entry.kind, entry.subject, text, previous.column, hash.column,
            ])
            // What is applied is what a replay will read: an event that its body does not give back is refused here, and not
            // found at the next rebuild.
            let stored = try RegistryEvent(kind: entry.kind, body: Data(text.utf8))
            try Projection(database: database).apply(stored, entry)
            previous = hash
            return LoggedEvent(event: stored, entry: entry)
        }
    }

    /// Applies every event again to empty projections.
    ///
    /// - Returns: The number of events.
    func replay() throws -> Int {
        let cursor = try Row.fetchCursor(database, sql: "\(CatalogState.eventColumns) ORDER BY seq")
        let projection = Projection(database: database)
        var count = 0
        while let row = try cursor.next() {
            let entry = try CatalogState.event(row)
            do {
                try projection.apply(RegistryEvent(kind: entry.kind, body: Data(entry.body.utf8)), entry)
            } catch {
                throw CatalogError.unreplayable(entry.seq, error, path: path)
            }
            count += 1
        }
        return count
    }
}
