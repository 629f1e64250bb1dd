import Foundation
import GRDB
import SQLiteFiles
import TestSupport
import Testing

/// How a database file is opened, and what its errors mean.
@Suite struct SQLiteFileTests {
    private let first = SQLiteFile.Migration(name: "one", sql: "CREATE TABLE number (value INTEGER PRIMARY KEY) STRICT")

    @Test(arguments: [(SQLiteFile.Durability.everyCommit, 2), (.ordered, 1)])
    func commitsAreAsDurableAsWasAskedFor(_ durability: SQLiteFile.Durability, _ synchronous: Int) throws {
        let scratch = try ScratchFolder()
        let pool = try SQLiteFile.open(scratch.path + "/file.db", migrations: [first], durability: durability)
        let found = try pool.writeWithoutTransaction { database in
            try (
                Int.fetchOne(database, sql: "PRAGMA synchronous"), String.fetchOne(database, sql: "PRAGMA journal_mode")
            )
        }
        #expect(found.0 == synchronous && found.1 == "wal")
        try pool.write { try $0.execute(sql: "INSERT INTO number VALUES (7)") }
        try SQLiteFile.close(pool)
        // A log that stays is empty: the file alone has everything.
        let log = try? FileManager.default.attributesOfItem(atPath: scratch.path + "/file.db-wal")[.size] as? Int
        #expect((log ?? 0) == 0)
    }

    @Test func aFileOfANewerBuildIsRefused() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/file.db"
        let second = SQLiteFile.Migration(name: "two", sql: "CREATE TABLE other (value INTEGER) STRICT")
        try SQLiteFile.close(SQLiteFile.open(path, migrations: [first, second], durability: .ordered))
        #expect(throws: SQLiteFileError.newer(path: path)) {
            try SQLiteFile.open(path, migrations: [first], durability: .ordered)
        }
    }

    @Test func whatIsNoDatabaseAndWhatItsTablesRefuseIsSaid() throws {
        let scratch = try ScratchFolder()
        let path = scratch.path + "/file.db"
        try Data("this is not a database, however long it may be".utf8).write(to: URL(filePath: path))
        #expect {
            try SQLiteFile.open(path, migrations: [first], durability: .ordered)
        } throws: { error in
            if case SQLiteFileError.damaged(path, _) = error { true } else { false }
        }
        try FileManager.default.removeItem(atPath: path)
        let pool = try SQLiteFile.open(path, migrations: [first], durability: .ordered)
        #expect {
            try pool.write { try $0.execute(sql: "INSERT INTO number VALUES (1), (1)") }
        } throws: { error in
            if case SQLiteFileError.refused(path, _) = SQLiteFileError.translating(error, path: path) {
                true
            } else {
                false
            }
        }
        for code in [ResultCode.SQLITE_FULL, .SQLITE_IOERR_SHMSIZE] {
            let error = SQLiteFileError.translating(DatabaseError(resultCode: code), path: path) as? SQLiteFileError
            #expect(error == .full(path: path))
        }
    }

    @Test func aFileThatIsNoGoodIsNotWrittenTo() throws {
        struct NoGood: Error {}
        let scratch = try ScratchFolder()
        let path = scratch.path + "/file.db"
        #expect(throws: NoGood.self) {
            try SQLiteFile.open(path, migrations: [first], durability: .ordered) { _ in throw NoGood() }
        }
        let pool = try SQLiteFile.open(path, migrations: [], durability: .ordered)
        #expect(try pool.read { try $0.tableExists("number") } == false)
    }
}
