import Digests
import GRDB
import RegistryTypes

/// The registry at one moment, for reading: what a command decides on, and what a page shows. It is only valid inside
/// the closure it was handed to.
public struct CatalogState {
    let database: Database

    init(_ database: Database) { self.database = database }

    // MARK: Rows

    func rows<Value>(
        _ sql: String,
        _ arguments: StatementArguments = StatementArguments(),
        _ make: (Row) throws -> Value
    ) throws -> [Value] {
        let cursor = try Row.fetchCursor(database.cachedStatement(sql: sql), arguments: arguments)
        var values: [Value] = []
        while let row = try cursor.next() { values.append(try make(row)) }
        return values
    }

    func first<Value>(
        _ sql: String,
        _ arguments: StatementArguments = StatementArguments(),
        _ make: (Row) throws -> Value
    ) throws -> Value? {
        try Row.fetchOne(database.cachedStatement(sql: sql), arguments: arguments).map(make)
    }

    /// The row of a model under one of the digests that equal content may have. They are asked for one by one: for a
    /// list of digests SQLite reads every row of the model instead of the index.
    func firstOfEqualContent<Value>(
        _ sql: String,
        _ model: Name,
        _ digests: [Digest],
        _ make: (Row) throws -> Value
    ) throws -> Value? {
        for digest in digests {
            if let value = try first(sql, [model.text, digest.column], make) { return value }
        }
        return nil
    }

    /// The integer a query gives; nil for no row or null.
    func number(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> Int? {
        try Int.fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }

    func texts(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [String] {
        try String.fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }

    /// The number that the next row of a table gets.
    func next(_ table: String) throws -> Int { (try number("SELECT max(number) FROM \(table)") ?? 0) + 1 }
}
