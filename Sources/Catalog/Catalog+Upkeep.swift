import GRDB

/// Checking the file, and making its tables again.
extension Catalog {
    /// Reads the whole log and checks that every event is as it was written.
    ///
    /// - Parameter known: The number of an event that is known to have been written, to notice a log that was cut; the
    ///   events that the projections refer to are known anyway.
    public func verifyChain(known: Int = 0) async throws -> ChainReport {
        let path = path
        return try await read { state in
            let referred = try ProjectionTables(database: state.database).highestEvent()
            return try EventLog(database: state.database, path: path).verify(known: max(known, referred))
        }
    }

    /// Checks the pages, the indexes and the references of the file, while changes go on.
    public func checkIntegrity() async throws -> IntegrityReport {
        do {
            let synchronous = try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
            return try await pool.read { database in
                let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map { row in
                    "a row of \(row[0] as String? ?? "?") refers to a row of \(row[2] as String? ?? "?") that is not there"
                }
                return IntegrityReport(
                    damage: try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" },
                    dangling: dangling,
                    sqliteVersion: try String.fetchOne(database, sql: "SELECT sqlite_version()") ?? "unknown",
                    synchronous: synchronous ?? -1
                )
            }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    /// Drops the projections and replays the log.
    ///
    /// - Throws: ``CatalogError/damaged(path:why:)`` when an event cannot be replayed; the old tables stay then.
    public func rebuild() async throws -> RebuildReport {
        do {
            return try await pool.writeWithoutTransaction { try self.remakeProjections($0) }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    func remakeProjections(_ database: Database) throws -> RebuildReport {
        // Foreign keys cannot be switched inside a transaction; they are checked before it ends.
        try database.execute(sql: "PRAGMA foreign_keys = OFF")
        defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
        var report = RebuildReport(events: 0, tables: [])
        try database.inTransaction(.immediate) {
            let tables = ProjectionTables(database: database)
            let before = try Dictionary(
                uniqueKeysWithValues: tables.names().map { ($0, try tables.digest(of: $0).digest) }
            )
            try tables.remake()
            let events = try EventLog(database: database, path: path).replay()
            if try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") != nil {
                throw CatalogError.damaged(path: path, why: "the replayed tables refer to rows that are not there")
            }
            report = RebuildReport(
                events: events,
                tables: try tables.names().map { name in
                    let (digest, rows) = try tables.digest(of: name)
                    return RebuildReport.Table(name: name, rows: rows, before: before[name], after: digest)
                }
            )
            return .commit
        }
        return report
    }

    /// The content of all projections as text: a line per table and per row, equal for equal content.
    public func dump() async throws -> String {
        try await read { state in
            let tables = ProjectionTables(database: state.database)
            var text = ""
            for name in try tables.names() {
                text += "table \(name)\n"
                try tables.forEachLine(of: name) { text += $0 + "\n" }
            }
            return text
        }
    }
}
