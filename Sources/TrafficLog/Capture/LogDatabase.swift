import Foundation
import GRDB
import RegistryFiles

/// How the files of captured requests and of roll-ups are opened, and what their errors mean.
///
/// Roll-ups are not synced one by one (WAL, NORMAL): a power cut may lose the last seconds, never half a batch. Where
/// somebody is told that something is stored, as for labels, each commit is synced.
enum LogDatabase {
    /// Opens the file, made when there is none, and brings it to the tables of `schema`.
    static func open(path: String, schema name: String, isSynced: Bool = false) throws -> DatabasePool {
        try translating(path) {
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.maximumReaderCount = 2
            let pool = try DatabasePool(path: path, configuration: configuration)
            let index = registry_file_index(name)
            let sql = String(
                decoding: UnsafeBufferPointer(start: registry_file_bytes(index), count: registry_file_size(index)),
                as: UTF8.self
            )
            var migrator = DatabaseMigrator()
            migrator.registerMigration(name) { database in try database.execute(sql: sql) }
            guard try !pool.read(migrator.hasBeenSuperseded) else {
                throw TrafficLogError.damagedLog(path: path, why: "a newer build of serin wrote it")
            }
            try migrator.migrate(pool)
            // GRDB sets NORMAL when it opens a pool, so this comes after it.
            if isSynced { try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") } }
            return pool
        }
    }

    static func translating<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch { throw translated(error, path) }
    }

    static func translated(_ error: any Error, _ path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let why = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        return switch error.resultCode {
        case .SQLITE_FULL: TrafficLogError.noRoom(path: path)
        case _ where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: TrafficLogError.noRoom(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: TrafficLogError.damagedLog(path: path, why: why)
        default: TrafficLogError.storage(path: path, why: why)
        }
    }
}
