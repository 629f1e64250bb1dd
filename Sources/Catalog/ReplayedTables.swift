import Digests
import Foundation
import GRDB
import RegistryRecords

/// The tables as the log says that they are, in a database of their own that goes with this value: small ones in memory, larger
/// ones in a file without a name.
final class ReplayedTables: Sendable {
    private let queue: DatabaseQueue
    private let path: String

    /// Empty tables of this build.
    ///
    /// - Parameter path: The file that the events are of, for errors.
    init(path: String) throws {
        self.path = path
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        // An empty name is SQLite's for a file that goes when it is closed.
        queue = try DatabaseQueue(path: "", configuration: configuration)
        try queue.writeWithoutTransaction { database in
            // What a start compares fits into so much memory, and needs no room for temporary files then.
            try database.execute(
                sql: "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA cache_size = -65536"
            )
            for migration in RegistrySQL.migrations { try database.execute(sql: migration.text) }
            try ProjectionTables(database: database).remake()
        }
    }

    /// Applies events in their order, in one transaction.
    ///
    /// - Throws: ``CatalogError/damaged(path:why:)`` for one that cannot be applied, `storage` where there is no room for the tables.
    func apply(_ entries: some Sequence<Event>) throws {
        try queue.write { database in
            let projection = Projection(database: database)
            for entry in entries {
                do {
                    try projection.apply(RegistryEvent(entry), entry)
                } catch {
                    let error = CatalogError.unreplayable(entry.seq, error, path: path)
                    guard case .damaged = error else {
                        throw CatalogError.storage(path: path, why: "\(Self.noRoom) (\(error))")
                    }
                    throw error
                }
            }
        }
    }

    private static let noRoom =
        "its log cannot be replayed beside it in temporary files: set TMPDIR to a folder with room for them"

    /// Reads from the tables.
    func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.read(body) }
}

/// What the tables of a file hold beside what its log says they hold.
public struct TableComparison: Hashable, Sendable {
    /// Events that were replayed.
    public let events: Int
    /// Tables that were compared.
    public let tables: Int
    /// Rows in them.
    public let rows: Int
    /// The names of the tables that differ.
    public let changed: [String]
    /// What differs, in words, a line for each row; of many in one table the first ones.
    public let differences: [String]

    /// Whether the tables are what the log says.
    public var isEqual: Bool { differences.isEmpty }
}

/// Names what differs between two databases whose projections should be the same.
struct TableDifferences {
    /// What is in force.
    let stored: Database
    /// What the log says.
    let replayed: Database

    /// Rows of a table that are named; more are counted.
    private static let namedRows = 5
    /// Values of a row are shown up to so many bytes.
    private static let shownBytes = 60

    /// Compares every table, only `names` when there are some, and how the tables are made.
    func comparison(events: Int, names: Set<String>? = nil) throws -> TableComparison {
        var tables = 0, rows = 0, changed: [String] = []
        var differences = names == nil ? try schema() : []
        let expected = try ProjectionTables(database: replayed).names().filter { names?.contains($0) ?? true }
        let present = Set(try ProjectionTables(database: stored).names())
        for name in expected where present.contains(name) {
            tables += 1
            let (digest, count) = try ProjectionTables(database: replayed).digest(of: name)
            rows += count
            guard try ProjectionTables(database: stored).digest(of: name).digest != digest else { continue }
            let found = try self.rows(of: name)
            changed.append(name)
            differences += found.prefix(Self.namedRows)
            let more = found.count - Self.namedRows
            if more > 0 { differences.append("\(name): \(more) more") }
        }
        if names == nil { differences += try answers() }
        return TableComparison(
            events: events,
            tables: tables,
            rows: rows,
            changed: changed,
            differences: differences
        )
    }

    /// Tables, indexes and triggers that are not as this build makes them.
    private func schema() throws -> [String] {
        let stored = try Self.statements(stored), replayed = try Self.statements(replayed)
        return Set(stored.keys).union(replayed.keys).sorted().compactMap { name in
            if stored[name] == replayed[name] { return nil }
            if stored[name] == nil { return "\(name) is not there" }
            return replayed[name] == nil ? "\(name) is none of this build" : "\(name) is made otherwise"
        }
    }

    /// How tables, indexes, triggers and views are made, by their sort and name.
    static func statements(_ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
                WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> 'grdb_migrations'
                """
        )
        return Dictionary(try rows.map { (try $0.text(0), try $0.text(1)) }) { first, _ in first }
    }

    /// What the file knows of itself, by name.
    static func settings(_ database: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(database, sql: "SELECT name, value FROM setting")
        return Dictionary(try rows.map { (try $0.text(0), try $0.text(1)) }) { first, _ in first }
    }

    /// Answers to commands and settings that are not as they were written.
    private func answers() throws -> [String] {
        var found: [String] = []
        let head = try CatalogState(stored).head().seq
        let cursor = try Row.fetchCursor(stored, sql: AnswerDigest.rows)
        while let row = try cursor.next() {
            if !AnswerDigest.isWhole(row, head: head) {
                found.append("idempotency: the answer in row \(row[7] as Int? ?? 0) is not as it was written")
            }
        }
        var kept = try Self.settings(stored)
        if let value = kept.removeValue(forKey: ProjectionTables.headSetting), value != "kept" {
            found.append("setting \(ProjectionTables.headSetting) is not as it was written")
        }
        let made = try Self.settings(replayed)
        for name in Set(kept.keys).union(made.keys).sorted() where kept[name] != made[name] {
            found.append("setting \(name) is not as it was written")
        }
        return found
    }

    // MARK: Rows

    /// The rows of `table` that differ, in words.
    private func rows(of table: String) throws -> [String] {
        let columns = try replayed.columns(in: table).map(\.name)
        guard try stored.columns(in: table).map(\.name) == columns else { return ["\(table) has other columns"] }
        let key = try replayed.primaryKey(table).columns
        // A table without a key of its own is compared by whole rows.
        let keys =
            Set(key).isSubset(of: columns)
            ? columns.indices.filter { key.contains(columns[$0]) } : Array(columns.indices)
        let said = try values(replayed, table, columns, keys)
        let there = try values(stored, table, columns, keys)
        return Set(said.keys).union(there.keys).sorted { $0.lexicographicallyPrecedes($1) }.compactMap { key in
            let row = "\(table) \(key.map(Self.name).joined(separator: ", "))"
            guard let right = said[key] else { return "\(row) is there, and the log says nothing of it" }
            guard let wrong = there[key] else { return "\(row) is not there, and the log says that it is" }
            guard right != wrong else { return nil }
            let changes = columns.indices.filter { right[$0] != wrong[$0] }.map { index in
                "\(columns[index]) is \(Self.shown(wrong[index])), the log says \(Self.shown(right[index]))"
            }
            return "\(row): \(changes.joined(separator: "; "))"
        }
    }

    private func values(
        _ database: Database,
        _ table: String,
        _ columns: [String],
        _ keys: [Int]
    ) throws -> [[String]: [String]] {
        let selected = columns.map { "quote(\($0.quotedDatabaseIdentifier))" }.joined(separator: ", ")
        let rows = try Row.fetchAll(database, sql: "SELECT \(selected) FROM \(table.quotedDatabaseIdentifier)")
        return Dictionary(
            try rows.map { row in
                let values = try columns.indices.map { try row.text($0) }
                return (keys.map { values[$0] }, values)
            }
        ) { first, _ in first }
    }

    /// A value that a row is known by: digests of blobs are cut.
    private static func name(_ value: String) -> String {
        value.utf8.starts(with: "X'".utf8) ? String(value.dropFirst(2).prefix(12)) : shown(value)
    }

    /// A value as SQL writes it, cut when it is long. Bytes are digests of something, some of them of a secret.
    private static func shown(_ value: String) -> String {
        if value.utf8.starts(with: "X'".utf8) { return "other bytes" }
        guard value.utf8.count > shownBytes else { return value }
        return String(decoding: value.utf8.prefix(shownBytes), as: UTF8.self) + "…"
    }
}
