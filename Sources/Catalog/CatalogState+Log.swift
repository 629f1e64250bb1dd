public import Digests
import GRDB
public import RegistryTypes

extension CatalogState {
    /// The last entry of the log: its number and hash; 0 and all zero for an empty log.
    public func head() throws -> (seq: Int, hash: Digest) {
        let last = try first("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1") { row in
            (seq: try row.int(0), hash: try row.digest(1))
        }
        return try last ?? (seq: 0, hash: Digest(bytes: EventHash.origin))
    }

    /// The entry number `seq`.
    public func event(_ seq: Int) throws -> Event? {
        try first("\(Self.eventColumns) WHERE seq = ?", [seq], Self.event)
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
        subject: String? = nil
    ) throws -> [Event] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        if let after {
            conditions.append("seq > ?")
            arguments += [after]
        }
        if let before {
            conditions.append("seq < ?")
            arguments += [before]
        }
        if let kind {
            conditions.append("kind = ?")
            arguments += [kind]
        }
        if let subject {
            conditions.append("subject = ?")
            arguments += [subject]
        }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let order = after == nil ? "DESC" : "ASC"
        arguments += [max(0, limit)]
        return try rows("\(Self.eventColumns) \(condition) ORDER BY seq \(order) LIMIT ?", arguments, Self.event)
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
