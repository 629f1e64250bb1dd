import Digests
import DurableFiles
import Foundation
import GRDB
import RegistryRecords
import SQLiteFiles

/// A file of the log with damaged pages, as far as its events can still be read. Everything else in the file is made from
/// them, so a file whose events are all there can be made again.
public struct DamagedLog: Sendable {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let why: String
    /// The last event that can be read, with all before it, each as it was written.
    public let readable: AcknowledgedHead
    /// The event that was acknowledged last; nil where that cannot be read.
    public let acknowledged: AcknowledgedHead?
    /// Whether the reading came to the end of the events.
    private let isRead: Bool

    /// Whether every event that was acknowledged can be read.
    public var isComplete: Bool { isRead && acknowledged.map { $0.seq <= readable.seq } ?? false }

    /// Reads the events of a file that cannot be opened.
    ///
    /// - Throws: ``CatalogError/damaged(path:why:)`` where not even the names of its tables can be read, `newer` for a file of a
    ///   newer build.
    public init(_ path: String, why: String) throws {
        var chain = try VerifiedChain()
        do {
            isRead = try Self.reading(path) { database in
                let known = Set(RegistrySQL.migrations.map(\.name))
                let made = (try? String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations")) ?? []
                guard known.isSuperset(of: made) else { throw CatalogError.newer(path: path) }
                let log = EventLog(database: database, path: path)
                do {
                    while true {
                        let first = chain.next
                        guard try log.verify(&chain, atMost: Catalog.eventsPerRead) == nil else { return false }
                        if chain.next - first < Catalog.eventsPerRead { return true }
                    }
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                    return false
                }
            }
        } catch {
            throw CatalogError.translating(error, path: path)
        }
        self.path = path
        self.why = why
        readable = AcknowledgedHead(seq: chain.next - 1, hash: chain.head)
        acknowledged = if case .head(let head) = HeadFile(path: path + ".head").read() { head } else { nil }
    }

    private static func reading<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cell_size_check = ON") }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.inDatabase(body)
    }

    // MARK: Making it again

    /// Makes the file again from the events that can be read, and the remembered answers that can; the damaged one is set aside.
    ///
    /// - Returns: Where the damaged file is, below the folder of the file.
    /// - Throws: ``CatalogError``: the damaged file is as it was then.
    public func remake() throws -> String? {
        do {
            for ending in Self.endings { unlink(Self.unfinished(path) + ending) }
            let pool = try SQLiteFile.open(
                Self.unfinished(path),
                migrations: RegistrySQL.migrations.map { SQLiteFile.Migration(name: $0.name, sql: $0.text) },
                durability: .everyCommit
            )
            let catalog = Catalog(path: Self.unfinished(path), pool: pool) { _ in }
            try Self.reading(path) { damaged in try pool.writeWithoutTransaction { try copy(from: damaged, to: $0) } }
            _ = try pool.writeWithoutTransaction { try catalog.remakeProjections($0) }
            // All of it is in the one file, and synced, or there is an error.
            _ = try pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            try SQLiteFile.close(pool)
            for ending in Self.endings.dropFirst() { unlink(Self.unfinished(path) + ending) }
            // From here on the new file is the log, whenever the process ends: see ``finishRemaking(_:)``.
            try DurableFile.move(Self.unfinished(path), to: Self.finished(path))
            return try Self.finishRemaking(path)
        } catch let error as FileError {
            throw error.isFull ? CatalogError.diskFull(path: path) : CatalogError.storage(path: path, why: "\(error)")
        } catch {
            throw CatalogError.translating(error, path: path)
        }
    }

    private func copy(from damaged: Database, to database: Database) throws {
        try database.inTransaction(.immediate) {
            let insert = try database.cachedStatement(
                sql:
                    "INSERT INTO event (seq, time, actor, kind, subject, body, prev, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            )
            let events = try Row.fetchCursor(
                damaged,
                sql: "\(CatalogState.eventColumns) WHERE seq <= ? ORDER BY seq LIMIT ?",
                arguments: [readable.seq, readable.seq]
            )
            while let row = try events.next() { try insert.execute(arguments: StatementArguments(row.databaseValues)) }
            for row in Self.answers(damaged) where AnswerDigest.isWhole(row, head: readable.seq) {
                try database.execute(
                    sql: """
                        INSERT OR IGNORE INTO idempotency (actor, key, fingerprint, firstSeq, lastSeq, time, digest)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: StatementArguments(Array(row.databaseValues.prefix(7)))
                )
            }
            if access(path + ".head", F_OK) == 0 {
                // Where it is gone one day, it is missed.
                try database.execute(
                    sql: "INSERT INTO setting (name, value) VALUES (?, 'kept')",
                    arguments: [ProjectionTables.headSetting]
                )
            }
            return .commit
        }
    }

    /// The remembered answers that can be read. A file of a build before has no digests of them: they are forgotten with it.
    private static func answers(_ damaged: Database) -> [Row] {
        var rows: [Row] = []
        guard let cursor = try? Row.fetchCursor(damaged, sql: AnswerDigest.rows) else { return [] }
        while let row = try? cursor.next() { rows.append(row.copy()) }
        return rows
    }

    // MARK: Files

    private static let endings = ["", "-wal", "-shm", "-journal"]
    private static func unfinished(_ path: String) -> String { path + ".remaking" }
    private static func finished(_ path: String) -> String { path + ".remade" }

    /// Puts a log that was made again in its place, where a process ended before it could; nothing where there is none.
    ///
    /// - Returns: Where the damaged file is, below the folder of the file.
    /// - Throws: `FileError`.
    @discardableResult
    public static func finishRemaking(_ path: String) throws -> String? {
        guard access(finished(path), F_OK) == 0 else { return nil }
        let folder = path.utf8.lastIndex(of: 0x2f).map { String(path[..<$0]) } ?? "."
        let name = String(path.dropFirst(folder.count + 1))
        guard mkdir(folder + "/damaged", 0o700) == 0 || errno == EEXIST else {
            throw FileError("make", folder + "/damaged")
        }
        var number = 1
        while endings.contains(where: { access("\(folder)/damaged/\(name)-\(number)\($0)", F_OK) == 0 }) { number += 1 }
        let place = "damaged/\(name)-\(number)"
        // Its write-ahead log goes with it: beside the new file it would be read into that one.
        for ending in endings where access(path + ending, F_OK) == 0 {
            try DurableFile.move(path + ending, to: "\(folder)/\(place)\(ending)")
        }
        try DurableFile.move(finished(path), to: path)
        return place
    }
}
