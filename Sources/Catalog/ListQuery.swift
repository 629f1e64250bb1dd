import GRDB
public import RegistryTypes

/// The conditions of a list. What is not asked for is left out of the statement, so that SQLite sees which index holds the
/// rest: behind `(? IS NULL OR model = ?)` it sees none, and reads every row.
struct ListQuery {
    private var conditions: [String] = []
    private(set) var arguments = StatementArguments()

    /// Only rows for which `condition` holds with `value`; all of them without one.
    mutating func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
        guard let value else { return }
        conditions.append(condition)
        arguments += [value]
    }

    /// Only rows for which `condition` holds.
    mutating func require(_ condition: String) { conditions.append(condition) }

    /// How many rows at most.
    mutating func limit(_ count: Int) { arguments += [max(0, count)] }

    /// The conditions as SQL.
    var text: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }
}

/// Which part of a list by name is read: what follows a name that was seen, of names that begin alike.
public struct NamePart: Hashable, Sendable {
    /// The name that was seen last; nil from the beginning.
    public let after: String?
    /// What the names begin with; all begin with nothing.
    public let prefix: String
    /// How many at most.
    public let limit: Int

    /// A part of at most `limit` names.
    public init(after: Name? = nil, prefix: String = "", limit: Int) {
        self.after = after?.text
        self.prefix = prefix
        self.limit = limit
    }

    /// The rows of the part, whose column `name` is the first of an index.
    func query(_ column: String = "name") -> ListQuery {
        var query = ListQuery()
        query.add("\(column) > ?", after)
        if !prefix.isEmpty {
            query.add("\(column) >= ?", prefix)
            // Every byte of a name is smaller.
            query.add("\(column) < ?", prefix + "\u{7f}")
        }
        return query
    }
}

extension CatalogState {
    /// What is counted as it is made, since none of it is ever taken away.
    public enum Counted: String, Sendable {
        /// Models.
        case models = "model"
        /// Prompts, not their versions.
        case prompts = "prompt"
        /// Keys, revoked ones too.
        case keys = "key"
        /// Traffic sets.
        case trafficSets = "traffic"
    }

    /// How many there are: the place of the newest, which an index ends with.
    public func count(_ what: Counted) throws -> Int {
        try number("SELECT max(ordinal) FROM \(what.rawValue)") ?? 0
    }
}
