import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import SeededRandom
import TestSupport
import Testing

@testable import Catalog

/// A byte of the file that a disk changed is noticed by what `server check` looks at, or changes nothing that anybody reads.
@Suite struct DamagedByteTests {
    /// Flips a bit of `trials` random bytes, each in a copy of its own, and counts those that were noticed.
    @Test func aChangedByteIsNoticedOrHarmless() async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story() + Samples.rollouts() + Samples.drifts())
        for number in 0..<30 {
            let key = try IdempotencyKey("retry-\(number)", for: Data("\(number)".utf8))
            _ = try await catalog.append(actor: "ada", time: Samples.time(900), idempotencyKey: key) { _ in
                [try Samples.key("key-\(number)")]
            }
        }
        try await catalog.close()
        let whole = try Data(contentsOf: URL(filePath: scratch.catalog))
        let content = try await Self.content(scratch.catalog)
        let trials = ProcessInfo.processInfo.environment["SERIN_TEST_FULL"] == nil ? 16 : 2000
        // Most of a small file is free.
        let used = whole.indices.filter { whole[$0] != 0 }
        var random = SplitMix64(seed: 60), noticed = 0
        for trial in 0..<trials {
            let place = used[Int.random(in: used.indices, using: &random)]
            var bytes = whole
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            let path = scratch.file("changed-\(trial).db")
            try bytes.write(to: URL(filePath: path))
            try FileManager.default.copyItem(atPath: scratch.catalog + ".head", toPath: path + ".head")
            if await !Self.isClean(path) {
                noticed += 1
            } else {
                #expect(try await Self.content(path) == content, "byte \(place) of \(whole.count)")
            }
        }
        #expect(noticed > 0)
    }

    /// What `server check` asks of the file.
    private static func isClean(_ path: String) async -> Bool {
        do {
            let catalog = try Catalog.open(path: path)
            let isSound = try await catalog.checkIntegrity().isIntact
            let isWhole = try await catalog.verifyChain().isIntact
            let isEqual = try await catalog.compareTables().isEqual
            let isClean = isSound && isWhole && isEqual && catalog.end == .whole
            try await catalog.close()
            return isClean
        } catch {
            return false
        }
    }

    /// All that anybody reads of the file.
    private static func content(_ path: String) async throws -> Digest {
        try await DatabaseQueue(path: path).read { database in
            let tables = ProjectionTables(database: database)
            var lines = ""
            for name in try tables.names() + ["event", "idempotency", "setting"] {
                lines += name + "\n"
                try tables.forEachLine(of: name) { lines += $0 + "\n" }
            }
            lines += try String.fetchAll(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
            )
            .joined(separator: "\n")
            return Digest(of: Data(lines.utf8))
        }
    }

    /// Every sort of row that somebody who can write the file may change is named.
    @Test func whatWasChangedInTheTablesIsNamed() async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(
            try Samples.story() + Samples.rollouts() + Samples.drifts() + [try Samples.key("reader")]
        )
        let key = try IdempotencyKey("once", for: Data())
        _ = try await catalog.append(actor: "ada", time: Samples.time(900), idempotencyKey: key) { _ in
            [try Samples.key("another")]
        }
        #expect(try await catalog.compareTables().isEqual)
        let before = try await catalog.dump()
        let role = try await catalog.read { try $0.keys().first?.role.rawValue ?? "" }
        let changes: [(sql: String, words: String)] = [
            (
                "UPDATE key SET role = CASE role WHEN 'admin' THEN 'caller' ELSE 'admin' END WHERE name = 'reader'",
                "key 'reader': role is"
            ),
            ("UPDATE key SET tokenHash = zeroblob(32) WHERE name = 'reader'", "tokenHash is other bytes"),
            ("UPDATE channel SET seq = (SELECT min(seq) FROM channelMove)", "channel 'ticket-bot', "),
            ("UPDATE document SET event = json_set(event, '$.source', 'x')", "document "),
            (
                "DELETE FROM channelMove WHERE seq = (SELECT max(seq) FROM channelMove)",
                "is not there, and the log says that it is"
            ),
            ("DELETE FROM hold", "hold "),
            ("DROP INDEX event_by_kind", "index event_by_kind is not there"),
            ("DROP INDEX channelMove_settled", "index channelMove_settled is not there"),
            ("CREATE TABLE stray (x)", "table stray is none of this build"),
            ("CREATE VIEW stray AS SELECT 1", "view stray is none of this build"),
            ("CREATE INDEX stray ON event (hash)", "index stray is none of this build"),
            (
                "CREATE TRIGGER stray AFTER INSERT ON setting BEGIN DELETE FROM idempotency; END",
                "trigger stray is none of this build"
            ),
            ("DROP TRIGGER event_is_never_deleted", "trigger event_is_never_deleted is not there"),
            (
                "DROP INDEX event_by_time; CREATE INDEX event_by_time ON event (seq)",
                "index event_by_time is made otherwise"
            ),
            ("UPDATE setting SET value = 'older' WHERE name = 'form'", "setting form is not as it was written"),
            ("UPDATE setting SET value = 'no' WHERE name = 'head'", "setting head is not as it was written"),
            ("INSERT INTO setting (name, value) VALUES ('mine', '1')", "setting mine is not as it was written"),
            (
                "UPDATE idempotency SET lastSeq = lastSeq - 1",
                "idempotency: the answer in row 1 is not as it was written"
            ),
        ]
        #expect(!role.isEmpty)
        for (sql, words) in changes {
            let foreign = try DatabaseQueue(path: scratch.catalog)
            try await foreign.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF; " + sql) }
            let differences = try await catalog.compareTables().differences
            if !words.isEmpty {
                #expect(differences.contains { $0.contains(words) }, "\(sql): \(differences)")
                #expect(!differences.contains { $0.contains("X'") }, "no hash is shown")
            }
            let report = try await catalog.rebuild()
            #expect(report.differences == differences)
            #expect(try await catalog.dump() == before)
            #expect(try await catalog.compareTables().isEqual, "\(sql)")
        }
    }
}
