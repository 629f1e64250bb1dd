import Catalog
import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

@Suite struct ChainTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private func tampered(_ sql: String) async throws -> ChainReport {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        #expect(try await catalog.verifyChain().isIntact)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        try await DatabaseQueue(path: scratch.catalog, configuration: configuration).write { database in
            for trigger in ["event_is_gapless", "event_is_never_updated", "event_is_never_deleted"] {
                try database.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try database.execute(sql: sql)
        }
        return try await catalog.verifyChain()
    }

    @Test(arguments: [
        (
            "UPDATE event SET body = replace(body, 'ticket-bot', 'ticket-bat') WHERE seq = 6", 6,
            ChainReport.Fault.contentChanged
        ),
        ("UPDATE event SET time = time + 1 WHERE seq = 1", 1, .contentChanged),
        ("UPDATE event SET actor = 'mallory' WHERE seq = 10", 10, .contentChanged),
        ("UPDATE event SET kind = 'key.revoked' WHERE seq = 2", 2, .contentChanged),
        ("UPDATE event SET subject = 'else' WHERE seq = 32", 32, .contentChanged),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 5", 5, .contentChanged),
        ("UPDATE event SET prev = zeroblob(32) WHERE seq = 5", 5, .previousDiffers),
        ("DELETE FROM event WHERE seq = 7", 8, .gap(expected: 7)),
        ("DELETE FROM event WHERE seq = 1", 2, .gap(expected: 1)),
        ("DELETE FROM event WHERE seq > 30", 31, .cutOff),
        ("DELETE FROM event", 1, .cutOff),
    ])
    func aLogThatWasEditedNamesTheFirstBadEvent(_ sql: String, _ seq: Int, _ fault: ChainReport.Fault)
        async throws
    {
        let report = try await tampered(sql)
        #expect(report.firstBad?.seq == seq)
        #expect(report.firstBad?.fault == fault)
        #expect(report.intact < seq)
    }

    @Test(arguments: [
        "UPDATE event SET actor = 'mallory' WHERE seq = 1",
        "DELETE FROM event WHERE seq = 3",
        "INSERT OR REPLACE INTO event SELECT 1, time, 'mallory', kind, subject, body, prev, hash FROM event WHERE seq = 1",
        "INSERT INTO event SELECT 40, time, actor, kind, subject, body, hash, hash FROM event WHERE seq = 32",
        "INSERT INTO event SELECT 33, time, actor, kind, subject, body, prev, hash FROM event WHERE seq = 32",
    ])
    func theSchemaItselfRefusesEdits(_ sql: String) async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        try await catalog.close()
        let queue = try DatabaseQueue(path: scratch.catalog)
        await #expect(throws: DatabaseError.self) { try await queue.write { try $0.execute(sql: sql) } }
        try queue.close()
        #expect(try await Catalog.open(path: scratch.catalog).verifyChain(known: 32).isIntact)
    }

    @Test func aLogThatWasEditedIsStillServedAndStillNamed() async throws {
        _ = try await tampered("UPDATE event SET actor = 'mallory' WHERE seq = 20")
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append([try Samples.key("later")])
        let bad = try #require(try await catalog.verifyChain().firstBad)
        #expect(bad.seq == 20 && bad.fault == .contentChanged)
    }

    @Test func anEventThatIsKnownFromElsewhereIsMissed() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append([try Samples.key("a")])
        let report = try await catalog.verifyChain(known: 5)
        #expect(report.intact == 1 && report.firstBad?.seq == 2 && report.firstBad?.fault == .cutOff)
    }

    /// The form is a promise: another program can check the log.
    @Test func theHashIsOverTheWrittenDownForm() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        let event = try #require(
            try await catalog.append(actor: "ädä", time: Timestamp(milliseconds: 258)) { _ in [try Samples.key("k")] }
                .first
        )
        var bytes: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 5]
        bytes += Array("ädä".utf8)
        bytes += [0, 0, 0, 0, 0, 0, 0, 11] + Array("key.created".utf8)
        bytes += [0, 0, 0, 0, 0, 0, 0, 1] + Array("k".utf8)
        bytes += [0, 0, 0, 0, 0, 0, 0, UInt8(event.body.utf8.count)] + Array(event.body.utf8)
        bytes += [UInt8](repeating: 0, count: 32)
        #expect(event.hash == Digest(of: Data(bytes)))
    }
}
