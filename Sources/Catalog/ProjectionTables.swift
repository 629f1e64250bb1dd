import Digests
import Foundation
import GRDB

/// The projections as tables: made from the SQL in the binary, dropped, and compared by their content.
struct ProjectionTables {
    let database: Database

    /// Tables of the log itself; every other table is a projection.
    static let logTables = ["event", "idempotency", "setting", "grdb_migrations"]
    static let setting = "projections"
    /// Whether the acknowledged head was kept a second time.
    static let headSetting = "head"

    /// Whether the tables were made by this build's SQL.
    func areCurrent() throws -> Bool {
        let made = try String.fetchOne(
            database,
            sql: "SELECT value FROM setting WHERE name = ?",
            arguments: [Self.setting]
        )
        return made == RegistrySQL.projectionsDigest.description
    }

    func names() throws -> [String] {
        try String.fetchAll(
            database,
            sql: """
                SELECT name FROM sqlite_schema
                WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
                """
        ).filter { !Self.logTables.contains($0) }
    }

    /// The highest event that a projection refers to: the log must reach at least so far.
    func highestEvent() throws -> Int {
        var highest = 0
        for table in try names() {
            for column in try database.columns(in: table).map(\.name) where ["seq", "finishedSeq"].contains(column) {
                let sql = "SELECT max(\(column)) FROM \(table.quotedDatabaseIdentifier)"
                highest = max(highest, try Int.fetchOne(database, sql: sql) ?? 0)
            }
        }
        return highest
    }

    /// Drops all projections and makes them anew, empty. Foreign keys must be off.
    func remake() throws {
        for name in try names() { try database.execute(sql: "DROP TABLE \(name.quotedDatabaseIdentifier)") }
        for file in RegistrySQL.projections { try database.execute(sql: file.text) }
        try database.execute(
            sql:
                "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            arguments: [Self.setting, RegistrySQL.projectionsDigest.description]
        )
    }

    /// Drops indexes, triggers and views that this build does not make, or makes otherwise: before anything is written that
    /// they would act on.
    func dropStrangers(besides expected: [String: String]) throws {
        for (thing, statement) in try TableDifferences.statements(database) where expected[thing] != statement {
            guard let (sort, name) = Self.parts(of: thing) else { continue }
            // One of a table that was dropped may be gone already.
            try database.execute(sql: "DROP \(sort) IF EXISTS \(name.quotedDatabaseIdentifier)")
        }
    }

    /// Makes indexes and triggers that are not there.
    func makeMissing(of expected: [String: String]) throws {
        let present = try TableDifferences.statements(database)
        for (thing, statement) in expected where present[thing] == nil && Self.parts(of: thing) != nil {
            try database.execute(sql: statement)
        }
    }

    /// The sort and the name of an index, a trigger or a view; nil for a table.
    private static func parts(of thing: String) -> (sort: String, name: String)? {
        let parts = thing.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0] != "table" else { return nil }
        return (String(parts[0]), String(parts[1]))
    }

    /// Forgets remembered answers that are not as they were written: what is asked again is done again. Puts settings right.
    func mendRows(_ settings: [String: String]) throws {
        let head = try CatalogState(database).head().seq
        let broken = try Row.fetchAll(database, sql: AnswerDigest.rows).filter { !AnswerDigest.isWhole($0, head: head) }
        for row in broken {
            try database.execute(sql: "DELETE FROM idempotency WHERE id = ?", arguments: [row[7] as Int?])
        }
        let present = try TableDifferences.settings(database)
        for name in present.keys where settings[name] == nil && name != Self.headSetting {
            try database.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
        }
        let kept = present[Self.headSetting].map { _ in [Self.headSetting: "kept"] } ?? [:]
        for (name, value) in settings.merging(kept, uniquingKeysWith: { first, _ in first })
        where present[name] != value {
            try database.execute(
                sql:
                    "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                arguments: [name, value]
            )
        }
    }

    /// One line per row, its values as SQL literals, in the order of all columns: equal content gives equal lines.
    func forEachLine(of table: String, _ body: (String) throws -> Void) throws {
        let columns = try database.columns(in: table).map { $0.name.quotedDatabaseIdentifier }
        let line = columns.map { "quote(\($0))" }.joined(separator: " || char(9) || ")
        let order = (1...max(1, columns.count)).map(String.init).joined(separator: ", ")
        let selected = columns.joined(separator: ", ")
        let cursor = try String.fetchCursor(
            database,
            sql: """
                SELECT \(line) FROM (SELECT \(selected) FROM \(table.quotedDatabaseIdentifier) ORDER BY \(order))
                """
        )
        while let line = try cursor.next() { try body(line) }
    }

    func digest(of table: String) throws -> (digest: Digest, rows: Int) {
        var stream = SHA256Stream()
        var rows = 0
        try forEachLine(of: table) { line in
            var line = line + "\n"
            line.withUTF8 { stream.update(UnsafeRawBufferPointer($0)) }
            rows += 1
        }
        return (stream.finish(), rows)
    }
}
