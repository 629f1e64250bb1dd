import Foundation
public import GRDB
import RegistryFiles

/// The one way to open a database file of ours: WAL, a few readers, a bounded wait for others, the tables of this
/// build, and commits that are as durable as was asked for.
public enum SQLiteFile {
    /// When a commit is on the disk.
    public enum Durability: Sendable {
        /// Before it is answered: nothing that was acknowledged is lost in a power cut.
        case everyCommit
        /// Soon, in the order of the commits: a power cut may lose the last ones, never half of one.
        case ordered
    }

    /// SQL that makes tables, run once in each file.
    public struct Migration: Sendable {
        /// Its name, by which a file knows that it was run.
        public let name: String
        /// What it does.
        public let sql: String

        /// A migration.
        public init(name: String, sql: String) {
            self.name = name
            self.sql = sql
        }

        /// The migration that is inside the binary under this name, such as `rollups/001_rollups.sql`.
        ///
        /// - Throws: ``SQLiteFileError`` for a name under which there is none: an empty one would make no tables.
        public init(named name: String) throws(SQLiteFileError) {
            let index = registry_file_index(name)
            guard let bytes = registry_file_bytes(index) else {
                throw .other(path: name, why: "this build holds no such file")
            }
            let buffer = UnsafeBufferPointer(start: bytes, count: registry_file_size(index))
            self.init(name: name, sql: String(decoding: buffer, as: UTF8.self))
        }
    }

    /// Opens the file, made when there is none, and brings it to the tables of `migrations`.
    ///
    /// - Parameters:
    ///   - readers: How many may read at once.
    ///   - busySeconds: How long to wait for another process that has the file, such as a backup.
    ///   - checking: Looks at the file before anything is written to it; throws when it is no good.
    /// - Throws: ``SQLiteFileError``; what `checking` throws.
    public static func open(
        _ path: String,
        migrations: [Migration],
        durability: Durability,
        readers: Int = 2,
        busySeconds: Double = 5,
        checking: (DatabasePool) throws -> Void = { _ in }
    ) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = readers
        // A damaged page is found when it is read, before it does more damage.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cell_size_check = ON") }
        do {
            try requireRoomForIndex(of: path)
            let pool = try DatabasePool(path: path, configuration: configuration)
            try checking(pool)
            try migrate(pool, migrations, path)
            if durability == .everyCommit { try syncEveryCommit(pool, path) }
            return pool
        } catch {
            throw SQLiteFileError.translating(error, path: path)
        }
    }

    /// Takes the room of the index of a write-ahead log, which is memory that the disk backs. SQLite promises itself such room with
    /// a byte for each 4 KiB; on a disk with smaller blocks the rest of them is taken when it is first touched, and a disk that
    /// is full then ends the process with a bus error.
    private static func requireRoomForIndex(of path: String) throws {
        let descriptor = Foundation.open(path + "-shm", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        // What else keeps it from being made, SQLite says.
        guard descriptor >= 0 else { return }
        defer { Foundation.close(descriptor) }
        var code = EINTR
        while code == EINTR { code = posix_fallocate(descriptor, 0, 32 << 10) }
        guard code != ENOSPC, code != EDQUOT else { throw SQLiteFileError.full(path: path) }
    }

    /// The largest file whose pages are checked when it is opened (about 0.1 s).
    private static let checkedBytes = 64 << 20

    /// Checks the pages of a file of ordinary size, before anything is written to it: for `checking` of an opening.
    ///
    /// - Throws: ``SQLiteFileError/damaged(path:why:)``.
    public static func checkPages(_ pool: DatabasePool) throws {
        let problem = try pool.read { database in
            let bytes = try Int.fetchOne(
                database,
                sql: "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            )
            guard (bytes ?? 0) <= checkedBytes else { return "ok" }
            return try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "ok"
        }
        guard problem == "ok" else { throw SQLiteFileError.damaged(path: pool.path, why: problem) }
    }

    /// Closes the file; what is in its log moves into it.
    ///
    /// - Throws: ``SQLiteFileError``.
    public static func close(_ pool: DatabasePool) throws {
        emptyLog(pool)
        do { try pool.close() } catch { throw SQLiteFileError.translating(error, path: pool.path) }
    }

    /// Moves what is in the log of the file into it. The last connection to close may be one that only reads, which
    /// would leave everything there. That is no loss, so a failure (a full disk) is none either.
    public static func emptyLog(_ pool: DatabasePool) {
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    private static func migrate(_ pool: DatabasePool, _ migrations: [Migration], _ path: String) throws {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        guard try !pool.read(migrator.hasBeenSuperseded) else { throw SQLiteFileError.newer(path: path) }
        try migrator.migrate(pool)
    }

    /// GRDB sets a pool to NORMAL, which loses acknowledged commits in a power cut; set after it, and read back.
    private static func syncEveryCommit(_ pool: DatabasePool, _ path: String) throws {
        let synchronous = try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(database, sql: "PRAGMA synchronous")
        }
        guard synchronous == 2 else {
            throw SQLiteFileError.notDurable(path: path, synchronous: synchronous ?? -1)
        }
    }
}

/// What can be wrong with a database file, as far as those who use it tell it apart.
public enum SQLiteFileError: Error, Equatable, Sendable {
    /// The disk has no room.
    case full(path: String)
    /// The file is no database, or a page of it is broken.
    case damaged(path: String, why: String)
    /// A newer build of serin wrote it.
    case newer(path: String)
    /// SQLite would not sync its commits.
    case notDurable(path: String, synchronous: Int)
    /// Another process has the file for longer than anybody waits.
    case busy(path: String)
    /// A row contradicts the rules of its table.
    case refused(path: String, why: String)
    /// Anything else.
    case other(path: String, why: String)

    /// What is wrong, without the file and what to do.
    public var why: String {
        switch self {
        case .full: "the disk is full"
        case .damaged(_, let why), .refused(_, let why), .other(_, let why): why
        case .newer: "a newer build of serin wrote it"
        case .notDurable(_, let synchronous): "it would not sync its commits (synchronous is \(synchronous))"
        case .busy: "another process has it"
        }
    }

    /// SQLite's error as one of these; any other error as it is.
    public static func translating(_ error: any Error, path: String) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        let why = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        return switch error.resultCode {
        // The shared-memory index of the WAL is a file too, and reports a full disk as an input/output error.
        case .SQLITE_FULL: SQLiteFileError.full(path: path)
        case _ where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: SQLiteFileError.full(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: SQLiteFileError.busy(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: SQLiteFileError.damaged(path: path, why: why)
        case .SQLITE_CONSTRAINT: SQLiteFileError.refused(path: path, why: why)
        default: SQLiteFileError.other(path: path, why: why)
        }
    }
}

extension SQLiteFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .full(let path): "\(path) cannot grow: \(why), free some space, then repeat"
        case .damaged(let path, _): "\(path) is damaged (\(why)): restore it from a backup"
        case .newer(let path): "\(path) cannot be opened: \(why), use that build"
        case .notDurable(let path, _): "\(path) cannot be used: \(why), put it on another disk"
        case .busy(let path): "\(path) cannot be used: \(why), stop that, then repeat"
        case .refused(let path, _): "\(path) refuses a row: \(why)"
        case .other(let path, _): "\(path) cannot be used: \(why)"
        }
    }
}
