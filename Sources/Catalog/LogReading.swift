public import Digests
import Foundation
import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// The last entry of the log: its number and hash; 0 and all zero for an empty log.
    public func head() throws -> (seq: Int, hash: Digest) {
        let last = try first("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1") { row in
            (seq: try row.int(0), hash: try row.digest(1))
        }
        return try last ?? (seq: 0, hash: Digest(bytes: EventHash.origin))
    }

    /// Entries `first` to `last` in order; none when `last` is before `first`.
    func events(from first: Int, to last: Int) throws -> [Event] {
        try rows("\(Self.eventColumns) WHERE seq BETWEEN ? AND ? ORDER BY seq", [first, last], Self.event)
    }

    /// Entries by number: with `after` the next ones upwards, else the newest ones (before `before`) downwards.
    public func events(
        after: Int? = nil,
        before: Int? = nil,
        limit: Int = 50,
        kind: String? = nil,
        subject: String? = nil,
        actor: String? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil
    ) throws -> [Event] {
        var query = ListQuery()
        query.add("actor = ?", actor)
        query.add("+time >= ?", since?.milliseconds)
        // Where it ends: without it, few entries of late are looked for down to the first of all.
        query.add("seq >= (SELECT min(seq) FROM event WHERE time >= ?)", since?.milliseconds)
        query.add("+time < ?", until?.milliseconds)
        query.add("seq > ?", after)
        query.add("seq < ?", before)
        query.add("kind = ?", kind)
        query.add("subject = ?", subject)
        query.limit(limit)
        let order = after == nil ? "DESC" : "ASC"
        return try rows(
            "\(Self.eventColumns) \(query.text) ORDER BY seq \(order) LIMIT ?",
            query.arguments,
            Self.event
        )
    }

    /// The events with which a command of `actor` was answered under `key`; nil when the key is new.
    ///
    /// - Throws: ``CatalogError/keyReused(_:)`` when it was used for something else.
    public func answer(to key: IdempotencyKey, by actor: String) throws -> [LoggedEvent]? {
        let found = try first(
            "SELECT fingerprint, firstSeq, lastSeq FROM idempotency WHERE actor = ? AND key = ?",
            [actor, key.text]
        ) { (fingerprint: try $0.digest(0), first: try $0.int(1), last: try $0.int(2)) }
        guard let found else { return nil }
        guard found.fingerprint == key.fingerprint else { throw CatalogError.keyReused(key.text) }
        return try events(from: found.first, to: found.last).map { entry in
            LoggedEvent(event: try RegistryEvent(kind: entry.kind, body: Data(entry.body.utf8)), entry: entry)
        }
    }

    static let eventColumns = "SELECT seq, time, actor, kind, subject, body, prev, hash FROM event"

    static func event(_ row: Row) throws -> Event {
        Event(
            seq: try row.int(0),
            time: try row.time(1),
            actor: try row.text(2),
            kind: try row.text(3),
            subject: try row.text(4),
            body: try row.text(5),
            previous: try row.digest(6),
            hash: try row.digest(7)
        )
    }
}
