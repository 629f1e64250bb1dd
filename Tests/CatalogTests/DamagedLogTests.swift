import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

@testable import Catalog

/// A file of the log of which a page is broken: where its events can be read, it is made again from them, and nothing else is
/// taken for the log at any moment.
@Suite struct DamagedLogTests {
    let scratch: ScratchFolder
    private let path: String

    init() throws {
        scratch = try ScratchFolder()
        path = scratch.catalog
    }

    /// A closed log with remembered answers.
    ///
    /// - Returns: Its last event, and its tables as text.
    private func story() async throws -> (last: Int, tables: String) {
        let catalog = try Catalog.open(path: path)
        try await catalog.append(try Samples.story() + Samples.rollouts() + Samples.drifts())
        for number in 0..<20 { try await answer(catalog, number) }
        let story = try await (catalog.read { try $0.head().seq }, catalog.dump())
        try await catalog.close()
        return story
    }

    /// - Returns: Whether the answer was remembered.
    @discardableResult
    private func answer(_ catalog: Catalog, _ number: Int) async throws -> Bool {
        let key = try IdempotencyKey("retry-\(number)", for: Data("\(number)".utf8))
        let outcome = try await catalog.append(actor: "ada", time: Samples.time(900), idempotencyKey: key) { _ in
            Change([try Samples.key("key-\(number)")])
        }
        return if case .before = outcome { true } else { false }
    }

    /// Overwrites the first page of a table or an index.
    private func breakPage(of thing: String) throws {
        let file = try DatabaseQueue(path: path)
        let (size, page) = try file.write { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0,
                try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [thing])
                    ?? 0
            )
        }
        try file.close()
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seek(toOffset: UInt64((page - 1) * size))
        try handle.write(contentsOf: Data(repeating: 0xff, count: 200))
        try handle.close()
    }

    /// What is wrong with the file, as its opening says.
    private func damage() throws -> DamagedLog {
        do {
            _ = try Catalog.open(path: path)
        } catch CatalogError.damaged(_, let why) {
            return try DamagedLog(path, why: why)
        }
        throw CocoaError(.fileReadUnknown)
    }

    @Test(arguments: ["channel", "version", "version_by_files", "event_by_kind", "idempotency", "setting"])
    func theFileIsMadeAgainFromItsEvents(_ thing: String) async throws {
        let (last, tables) = try await story()
        try breakPage(of: thing)
        let log = try damage()
        #expect(log.isComplete && log.readable.seq == last && log.acknowledged == log.readable)
        let place = try log.remake()
        #expect(
            place == "damaged/serin.db-1" && FileManager.default.fileExists(atPath: scratch.file("damaged/serin.db-1"))
        )
        let catalog = try Catalog.open(path: path)
        #expect(catalog.end == .whole)
        #expect(try await catalog.dump() == tables)
        #expect(try await catalog.compareTables().isEqual)
        #expect(try await catalog.checkIntegrity().isIntact)
        #expect(try await catalog.verifyChain().isIntact)
        // What was asked is not done again, where the answers could be read.
        if thing != "idempotency" { #expect(try await answer(catalog, 3)) }
        try await catalog.close()
        #expect(!FileManager.default.fileExists(atPath: path + ".remade"))
    }

    /// Events that cannot be read are missed: the file is not whole without them, and says so when it was made again all the same.
    @Test func eventsThatCannotBeReadAreMissed() async throws {
        let (last, _) = try await story()
        try breakPage(of: "event")
        let log = try damage()
        #expect(!log.isComplete && log.readable.seq < last && log.acknowledged?.seq == last)
        _ = try log.remake()
        let catalog = try Catalog.open(path: path)
        #expect(catalog.loss?.found == log.readable && catalog.loss?.acknowledged.seq == last)
        try await catalog.close()
    }

    /// Without the second head nobody knows how far the log went.
    @Test func withoutTheSecondHeadNothingIsWhole() async throws {
        _ = try await story()
        try breakPage(of: "channel")
        try FileManager.default.removeItem(atPath: path + ".head")
        #expect(try damage().isComplete == false)
    }

    /// What a newer build wrote is not made again by this one, which may not know all of it.
    @Test func theFileOfANewerBuildIsLeftAlone() async throws {
        _ = try await story()
        try await DatabaseQueue(path: path).write {
            try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('migrations/999_newer.sql')")
        }
        try breakPage(of: "channel")
        #expect(throws: CatalogError.newer(path: path)) { try damage() }
    }

    /// The process may end at any step: the next one finds the damaged file, or goes on with the new one.
    @Test func anEndInBetweenIsMended() async throws {
        let (_, tables) = try await story()
        try breakPage(of: "channel")
        let files = FileManager.default
        // Before the new file is whole: what was begun is in nobody's way.
        try Data("half".utf8).write(to: URL(filePath: path + ".remaking"))
        #expect(try DamagedLog.finishRemaking(path) == nil)
        _ = try damage().remake()
        // After it is: the damaged one is still in its place, with a write-ahead log that is not the new one's.
        try files.moveItem(atPath: path, toPath: path + ".remade")
        try files.copyItem(atPath: scratch.file("damaged/serin.db-1"), toPath: path)
        try Data(repeating: 1, count: 99).write(to: URL(filePath: path + "-wal"))
        #expect(try DamagedLog.finishRemaking(path) == "damaged/serin.db-2")
        let catalog = try Catalog.open(path: path)
        #expect(try await catalog.dump() == tables)
        try await catalog.close()
        #expect(try DamagedLog.finishRemaking(path) == nil)
    }

    /// A disk that takes no more says nothing of the log.
    @Test(arguments: [
        (ResultCode.SQLITE_FULL, false), (.SQLITE_IOERR, false), (.SQLITE_NOMEM, false), (.SQLITE_CONSTRAINT, true),
        (.SQLITE_CORRUPT, true),
    ])
    func aFullDiskIsNoDamage(_ code: ResultCode, _ isDamage: Bool) {
        let error = CatalogError.unreplayable(7, DatabaseError(resultCode: code), path: "serin.db")
        #expect("\(error)".contains("restore it") == isDamage, "\(error)")
        #expect(
            CatalogError.unreplayable(7, CocoaError(.coderInvalidValue), path: "serin.db").description.contains(
                "event 7"
            )
        )
    }
}
