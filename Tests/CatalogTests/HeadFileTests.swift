import Digests
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import SeededRandom
import Synchronization
import TestSupport
import Testing

@testable import Catalog

/// The acknowledged head beside the log: never ahead of the disk, at most one commit behind, and what it says of a log that lost
/// its end.
@Suite struct HeadFileTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    private var head: String { scratch.catalog + ".head" }

    /// A log of the sample story, closed.
    private func story() async throws -> AcknowledgedHead {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        let last = try await catalog.read { try $0.head() }
        try await catalog.close()
        return AcknowledgedHead(seq: last.seq, hash: last.hash)
    }

    private func copy(_ name: String, _ suffixes: [String] = ["", "-wal", ".head"]) throws -> String {
        let folder = scratch.file(name)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for suffix in suffixes where FileManager.default.fileExists(atPath: scratch.catalog + suffix) {
            try FileManager.default.copyItem(atPath: scratch.catalog + suffix, toPath: folder + "/serin.db" + suffix)
        }
        return folder + "/serin.db"
    }

    @Test func eachAnswerIsInTheHeadBeforeItIsGiven() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        for (index, event) in try Samples.story().enumerated() {
            let appended = try await catalog.append(actor: "ada", time: Samples.time(index)) { _ in [event] }
            let entry = try #require(appended.last?.entry)
            let kept = AcknowledgedHead(seq: entry.seq, hash: entry.hash)
            #expect(HeadFile(path: head).read() == .head(kept))
        }
        #expect(catalog.headProblem == nil && catalog.end == .whole || catalog.end == .firstKept)
        try await catalog.close()
    }

    /// The first write of a process goes into the older slot too: a power cut that tears it leaves the newest.
    @Test func theFirstWriteOfAProcessLeavesTheNewest() throws {
        let hash = Digest(of: Data("event".utf8))
        for count in 1...4 {
            let path = scratch.file("head-\(count)")
            let before = HeadFile(path: path)
            try before.replace(with: AcknowledgedHead(seq: 1, hash: hash))
            for seq in 2..<2 + count { try before.write(AcknowledgedHead(seq: seq, hash: hash)) }
            before.close()
            let newest = before.read(), whole = try Data(contentsOf: URL(filePath: path))
            let next = HeadFile(path: path)
            _ = next.read()
            try next.write(AcknowledgedHead(seq: 9, hash: hash))
            next.close()
            var torn = try Data(contentsOf: URL(filePath: path))
            let changed = whole.indices.filter { whole[$0] != torn[$0] }
            for place in changed.suffix(5) { torn[place] = 0x2a }
            try torn.write(to: URL(filePath: path))
            #expect(HeadFile(path: path).read() == newest, "after \(count) writes")
        }
    }

    /// Between the commit and the head, and between the head and the answer, a crash looks like no loss.
    @Test func aCrashAtAnyStepIsNoLoss() async throws {
        let copies = Mutex<[String]>([])
        let scratch = scratch
        let catalog = try Catalog.open(path: scratch.catalog) { _ in
            copies.withLock { copies in
                let folder = scratch.file("at-\(copies.count)")
                try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                for suffix in ["", "-wal", ".head"] {
                    try? FileManager.default.copyItem(
                        atPath: scratch.catalog + suffix,
                        toPath: folder + "/serin.db" + suffix
                    )
                }
                copies.append(folder + "/serin.db")
            }
        }
        try await catalog.append(Array(try Samples.story().prefix(8)))
        let taken = copies.withLock { $0 }
        #expect(taken.count == 16)
        for path in taken {
            let copy = try Catalog.open(path: path)
            #expect(copy.loss == nil, "\(copy.end)")
            let last = try await copy.read { try $0.head() }
            #expect(
                HeadFile(path: path + ".head").read() == .head(AcknowledgedHead(seq: last.seq, hash: last.hash))
            )
            try await copy.append(actor: "ada", time: Samples.time(99)) { _ in [try Samples.key("after")] }
            try await copy.close()
        }
    }

    /// One changed byte in the write-ahead log makes SQLite drop it and all that follows, without a word.
    @Test func aDamagedWriteAheadLogIsNoticed() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
        let last = try await catalog.read { try $0.head().seq }
        var random = SplitMix64(seed: 11)
        let wal = try Data(contentsOf: URL(filePath: scratch.catalog + "-wal"))
        for trial in 0..<12 {
            let path = try copy("byte-\(trial)")
            var bytes = wal
            bytes[Int.random(in: 32..<wal.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try bytes.write(to: URL(filePath: path + "-wal"))
            let damaged = try Catalog.open(path: path)
            let found = try await damaged.read { try $0.head().seq }
            // A frame that a later one replaced may be damaged without a loss.
            #expect((damaged.loss == nil) == (found == last), "\(damaged.end), at \(found)")
            guard let loss = damaged.loss else { continue }
            #expect(loss.acknowledged.seq == last && loss.found.seq == found)
            await #expect(throws: CatalogError.logLost(loss)) { try await damaged.append([try Samples.key("late")]) }
            try await damaged.close()
            // Nothing that is only looked at ends it.
            #expect(try Catalog.open(path: path).loss == loss)
        }
        let path = try copy("gone", ["", ".head"])
        #expect(try Catalog.open(path: path).loss != nil)
        try await catalog.close()
    }

    @Test func aLogThatWasWrittenAnewIsNoticed() async throws {
        let last = try await story()
        try await DatabaseQueue(path: scratch.catalog).write { database in
            try database.execute(sql: "DROP TRIGGER event_is_never_updated; DROP TRIGGER event_is_never_deleted")
            let state = CatalogState(database)
            let entry = try #require(try state.events(from: last.seq, to: last.seq).first)
            let hash = EventHash.of(
                seq: entry.seq,
                time: entry.time,
                actor: "mallory",
                kind: entry.kind,
                subject: entry.subject,
                body: entry.body,
                previous: entry.previous
            )
            try database.execute(
                sql: "UPDATE event SET actor = 'mallory', hash = ? WHERE seq = ?",
                arguments: [hash.column, last.seq]
            )
        }
        let forged = try Catalog.open(path: scratch.catalog)
        #expect(try await forged.verifyChain().isIntact, "its hashes were computed again")
        guard case .rewritten(let acknowledged, _) = forged.end else {
            Issue.record("\(forged.end)")
            return
        }
        #expect(acknowledged == last && forged.loss != nil)
    }

    /// What is said of a folder with and without the file.
    @Test func aFolderOfAnOlderBuildGetsOneAndALostOneIsSaid() async throws {
        let last = try await story()
        #expect(try Catalog.open(path: scratch.catalog).end == .whole)
        let url = URL(filePath: head)
        for (bytes, end) in [
            (nil, LogEnd.headLost(isDamaged: false)), (Data("serin".utf8), .headLost(isDamaged: true)),
        ] {
            try FileManager.default.removeItem(at: url)
            if let bytes { try bytes.write(to: url) }
            let catalog = try Catalog.open(path: scratch.catalog)
            #expect(catalog.end == end && catalog.loss == nil)
            #expect(HeadFile(path: head).read() == .head(last))
            try await catalog.close()
        }
        try await DatabaseQueue(path: scratch.catalog).write {
            try $0.execute(sql: "DELETE FROM setting WHERE name = 'head'")
        }
        try FileManager.default.removeItem(at: url)
        #expect(try Catalog.open(path: scratch.catalog).end == .firstKept)
        #expect(try Catalog.open(path: scratch.catalog).end == .whole)
    }

    @Test func anAcceptedLossGoesOnWithALowerNumber() async throws {
        let last = try await story()
        let file = HeadFile(path: head)
        try file.replace(with: AcknowledgedHead(seq: last.seq + 40, hash: last.hash))
        let catalog = try Catalog.open(path: scratch.catalog)
        #expect(catalog.loss?.acknowledged.seq == last.seq + 40)
        catalog.acceptLoss()
        try await catalog.append([try Samples.key("after")])
        try await catalog.close()
        let again = try Catalog.open(path: scratch.catalog)
        #expect(again.end == .whole)
        #expect(try await again.read { try $0.head().seq } == last.seq + 1)
    }

    /// A slot that was torn at any byte leaves the other one, and no changed byte is read as a head.
    @Test func aTornSlotLeavesTheOther() throws {
        let file = HeadFile(path: head)
        let old = AcknowledgedHead(seq: 7, hash: Digest(of: Data("7".utf8)))
        let new = AcknowledgedHead(seq: 8, hash: Digest(of: Data("8".utf8)))
        try file.replace(with: old)
        let before = try Data(contentsOf: URL(filePath: head))
        try file.write(new)
        let after = try Data(contentsOf: URL(filePath: head))
        #expect(before.count == after.count, "written in place: a full disk has room for it")
        let changed = before.indices.filter { before[$0] != after[$0] }
        for cut in changed {
            try (after[..<cut] + before[cut...]).write(to: URL(filePath: head))
            #expect(file.read() == .head(old))
        }
        for index in stride(from: 0, to: 512, by: 7) {
            var bytes = HeadFile.text(of: new)
            bytes[index] ^= 1
            #expect(HeadFile.head(of: bytes) == nil)
        }
    }

    /// A file that cannot be written is said, and made anew when it can be.
    @Test func aHeadThatCannotBeWrittenIsSaid() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append([try Samples.key("first")])
        catalog.headFile.forget()
        // A folder in its place refuses the new file.
        try FileManager.default.removeItem(atPath: head)
        try FileManager.default.createDirectory(atPath: head + "/x", withIntermediateDirectories: true)
        try await catalog.append([try Samples.key("second")])
        #expect(catalog.headProblem != nil)
        try FileManager.default.removeItem(atPath: head)
        try await catalog.append([try Samples.key("third")])
        #expect(catalog.headProblem == nil)
        let last = try await catalog.read { try $0.head() }
        #expect(HeadFile(path: head).read() == .head(AcknowledgedHead(seq: last.seq, hash: last.hash)))
    }
}
