import Digests
import Foundation
import GRDB
import Logging
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import TrafficLog
import WireFormat
import Wording

@testable import Catalog
@testable import ControlPlane

/// A log that lost events which were acknowledged: what it says is served, nothing is changed, and a person ends it.
@Suite struct LostEndTests {
    private static let now = Timestamp(milliseconds: 1_795_000_900_000)

    /// The demo's data folder, closed, with the number of its last event.
    private static func folder() async throws -> (scratch: ScratchFolder, data: URL, last: Int) {
        let demo = try await DemoPlane()
        let last = try await demo.plane.overview.status().head
        try await demo.plane.close()
        let scratch = try ScratchFolder(copying: demo.folder)
        return (scratch, scratch.url.appending(path: "data"), last)
    }

    /// Makes the folder one of which `count` more events had been acknowledged.
    private static func loseEvents(_ count: Int, _ data: URL, after last: Int) throws {
        let hash = Digest(of: Data("an event that is gone".utf8))
        var text = "serin: the last acknowledged event\nevent \(last + count)\nhash \(hash)\n"
        text += "digest \(Digest(of: Data(text.utf8)))\n"
        var slot = Data(text.utf8)
        slot.append(Data(repeating: 0x20, count: 511 - slot.count))
        slot.append(0x0a)
        try (slot + Data(count: 4096 - 512) + slot).write(to: data.appending(path: "serin.db.head"))
    }

    @Test func whatIsLeftIsServedAndNothingChanges() async throws {
        let (scratch, data, last) = try await Self.folder()
        try Self.loseEvents(3, data, after: last)
        let demo = try await DemoPlane(scratch)
        let said = "the log ends at event #\(last), and #\(last + 3) was acknowledged: 3 events are missing"
        #expect(demo.plane.startNotes.contains { $0.hasPrefix(said) }, "\(demo.plane.startNotes)")
        let status = try await demo.plane.overview.status()
        #expect(status.head == last && !status.models.isEmpty)
        let notice = try #require(status.notices?.first)
        #expect(notice.weight == .readOnly && notice.text.hasPrefix(said))
        #expect(notice.next?.contains("server log accept --event \(last) --reason TEXT") == true, "\(notice)")
        #expect(try await demo.plane.overview.onCall().notices?.first == notice)
        #expect(demo.plane.overview.readOnly == notice.sentence)
        let error = await expectError(.unavailable) {
            _ = try await demo.plane.access.revokeKey(DemoPlane.admin.name, by: DemoPlane.admin)
        }
        #expect(error?.title == said && error?.next?.text.contains("server log accept") == true)
        // A first key is not even tried: its token would work nowhere.
        await expectError(.unavailable) {
            try await demo.plane.access.makeFirstKey { _ in Issue.record("a token was handed over") }
        }
        #expect(try await !demo.plane.audit.verify().problem.isNilOrEmpty)
        try await demo.plane.close()
    }

    @Test func aPersonEndsItByTheNumberAndWithAReason() async throws {
        let (scratch, data, last) = try await Self.folder()
        await expectError(.conflict) {
            _ = try await FolderCheck.acceptLog(data, event: last, reason: "no", now: Self.now)
        }
        try Self.loseEvents(17, data, after: last)
        let report = try await FolderCheck.check(data)
        let item = try #require(report.items.first { $0.name == "end of the log" })
        #expect(!report.isClean && item.problems.contains { $0.contains("17 events are missing") }, "\(item)")
        for verb: @Sendable (URL) async throws -> Void in [
            { _ = try await FolderCheck.rebuild($0) },
            { _ = try await FolderCheck.collect($0, hours: 0, now: Self.now) },
            { _ = try await FolderCheck.resetKey($0, name: nil, now: Self.now) },
        ] {
            await expectError(.badData) { try await verb(data) }
        }
        await expectError(.conflict) {
            _ = try await FolderCheck.acceptLog(data, event: last + 1, reason: "the disk broke", now: Self.now)
        }
        await expectError(.badRequest) {
            _ = try await FolderCheck.acceptLog(data, event: last, reason: " ", now: Self.now)
        }
        let taken = try await FolderCheck.acceptLog(data, event: last, reason: "the disk broke", now: Self.now)
        #expect(taken == LogAcceptance(event: last + 1, acknowledged: last + 17, found: last))
        #expect(try await FolderCheck.check(data).isClean)
        let demo = try await DemoPlane(scratch)
        #expect(try await demo.plane.overview.status().notices == [])
        let entry = try #require(
            try await demo.plane.stores.catalog.read { try $0.events(kind: "log.accepted") }.first
        )
        guard case .logAccepted(let event) = try RegistryEvent(entry) else { throw CocoaError(.coderInvalidValue) }
        #expect(entry.actor == "offline" && event.reason == "the disk broke" && event.acknowledged == last + 17)
        try await demo.plane.close()
    }

    /// Tables that somebody changed come not in force: they are made again from the log before anybody is let in.
    @Test func forgedTablesComeNotInForce() async throws {
        let (scratch, data, _) = try await Self.folder()
        let path = data.appending(path: "serin.db").path
        _ = try await FolderCheck.resetKey(data, name: nil, now: Self.now)
        let file = try DatabaseQueue(path: path)
        let sql = "UPDATE key SET role = 'reader'; CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM key; END"
        try await file.write { try $0.execute(sql: sql) }
        try file.close()
        let report = try await FolderCheck.check(data)
        let item = try #require(report.items.first { $0.name == "tables" })
        let said = ["trigger t is none of this build", "role is 'reader', the log says 'admin'"]
        for words in said { #expect(item.problems.contains { $0.contains(words) }, "\(item)") }
        do {
            let demo = try await DemoPlane(scratch)
            for words in said {
                #expect(demo.plane.startNotes.contains { $0.contains("made again") && $0.contains(words) }, "\(words)")
            }
            #expect(try await demo.plane.access.keys().items.map(\.role) == [.admin])
            #expect(try await demo.plane.overview.status().notices?.isEmpty == false)
            try await demo.plane.close()
        }
        #expect(try await FolderCheck.check(data).isClean)
    }

    /// Overwrites the first page of a table, or the one with the hash of an event.
    private static func breakPage(of table: String, _ event: Int? = nil, _ data: URL) throws {
        let path = data.appending(path: "serin.db")
        let file = try DatabaseQueue(path: path.path)
        let (start, size, hash) = try file.write { database in
            let sql = "SELECT (rootpage - 1) * page_size FROM sqlite_schema, pragma_page_size WHERE name = ?"
            return (
                try #require(try Int.fetchOne(database, sql: sql, arguments: [table])),
                try #require(try Int.fetchOne(database, sql: "PRAGMA page_size")),
                try Data.fetchOne(database, sql: "SELECT hash FROM event WHERE seq = ?", arguments: [event])
            )
        }
        try file.close()
        let pages =
            try hash.map { try Data(contentsOf: path).ranges(of: $0).map { $0.lowerBound / size * size } } ?? [start]
        let handle = try FileHandle(forUpdating: path)
        // A page that is free now may hold what was moved.
        for page in pages {
            try handle.seek(toOffset: UInt64(page))
            try handle.write(contentsOf: Data(repeating: 0xff, count: 100))
        }
        try handle.close()
    }

    /// Every file of a folder but for its lock, as it is.
    private static func content(_ data: URL) throws -> [String: Data] {
        var content: [String: Data] = [:]
        for case let name as String in try #require(FileManager.default.enumerator(atPath: data.path)) {
            content[name] = (try? Data(contentsOf: data.appending(path: name))) ?? Data()
        }
        return content
    }

    /// A check says how a folder is and leaves it so: a head that is gone, what a write-ahead log still holds, a log that ends
    /// early, a file that rotted from its first byte on.
    @Test(arguments: ["whole", "no head", "a folder as head", "a lost end", "a log of rubbish", "no first page"])
    func aCheckChangesNothing(_ what: String) async throws {
        let (scratch, data, last) = try await Self.folder()
        let log = data.appending(path: "serin.db"), head = data.appending(path: "serin.db.head")
        var words: String?
        switch what {
        case "no head":
            try FileManager.default.removeItem(at: head)
            words = "serin.db.head is not there"
        case "a folder as head":
            try FileManager.default.removeItem(at: head)
            try FileManager.default.createDirectory(at: head, withIntermediateDirectories: false)
            words = "serin.db.head: Is a directory"
        case "a lost end":
            try Self.loseEvents(3, data, after: last)
            words = "3 events are missing"
        case "a log of rubbish":
            try Data(repeating: 0x2a, count: 100_000).write(to: data.appending(path: "serin.db-wal"))
        case "no first page":
            var bytes = try Data(contentsOf: log)
            bytes.replaceSubrange(0..<100, with: Data(repeating: 0xff, count: 100))
            try bytes.write(to: log)
        default: break
        }
        let before = try Self.content(data)
        if what == "no first page" {
            let error = await expectError(.badData) { _ = try await FolderCheck.check(data) }
            #expect(error?.title.contains("\(log.path) is damaged") == true, "\(error?.title ?? "")")
            #expect(error?.next?.text.contains("put back a copy of the folder") == true)
        } else {
            let report = try await FolderCheck.check(data)
            let item = try #require(report.items.first { $0.name == "end of the log" })
            #expect(item.isClean == (words == nil), "\(item)")
            if let words { #expect(item.problems.contains { $0.contains(words) }, "\(item)") }
        }
        let after = try Self.content(data)
        #expect(Set(after.keys) == Set(before.keys))
        for (name, bytes) in after where name != "lock" { #expect(before[name] == bytes, "\(name)") }
        guard what == "no first page" else { return withExtendedLifetime(scratch) {} }
        for verb: @Sendable () async throws -> Void in [
            { try await DemoPlane(scratch).plane.close() }, { _ = try await FolderCheck.rebuild(data) },
        ] {
            let error = await expectError(.badData) { try await verb() }
            #expect(error?.next?.text.contains("put back a copy of the folder") == true)
        }
    }

    /// A head that cannot be read is not damaged: a start says why, and leaves it alone, also where changes are made.
    @Test func aHeadThatCannotBeReadIsLeftAlone() async throws {
        let (scratch, data, _) = try await Self.folder()
        let head = data.appending(path: "serin.db.head"), kept = scratch.url.appending(path: "kept")
        try FileManager.default.moveItem(at: head, to: kept)
        try FileManager.default.createSymbolicLink(at: head, withDestinationURL: kept)
        let before = try Data(contentsOf: kept)
        let catalog = try Catalog.open(path: data.appending(path: "serin.db").path)
        guard case .headUnreadable(let reason) = catalog.end else {
            Issue.record("\(catalog.end)")
            return
        }
        #expect(reason.contains("symbolic links") && catalog.loss == nil && catalog.headProblem == reason)
        let key = KeyCreated(name: .known("late"), role: .reader, tokenHash: Digest(of: Data("late".utf8)))
        try await catalog.append(actor: "ada", time: Self.now) { _ in [.keyCreated(key)] }
        #expect(catalog.headProblem == reason)
        try await catalog.close()
        #expect(try Data(contentsOf: kept) == before)
        // Readable again, it is brought up to the log.
        try FileManager.default.removeItem(at: head)
        try FileManager.default.moveItem(at: kept, to: head)
        let again = try Catalog.open(path: data.appending(path: "serin.db").path)
        #expect(again.end == .whole && again.headProblem == nil)
        try await again.close()
        withExtendedLifetime(scratch) {}
    }

    /// A file that is too large to be read before the start is read after it, and its damage is said.
    @Test func damageOfALargeFileIsSaidWhileItRuns() async throws {
        let (scratch, data, _) = try await Self.folder()
        let path = data.appending(path: "serin.db").path
        let catalog = try Catalog.open(path: path)
        let traffic = try TrafficStore(folder: data.appending(path: "traffic").path) { _ in }
        let notices = StoreNotices(catalog, traffic)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let watch = TableWatch(catalog: catalog, notices: notices, logger: logger)
        await watch.step()
        #expect(notices.all(CaptureCounters(), fullKeys: []).isEmpty)
        try await catalog.close()
        try Self.breakPage(of: "decision", nil, data)
        // As an opening finds it that does not read it whole.
        let pool = try DatabasePool(path: path)
        let large = Catalog(path: path, pool: pool) { _ in }
        let said = StoreNotices(large, traffic)
        await TableWatch(catalog: large, notices: said, logger: logger).step()
        let notice = try #require(said.all(CaptureCounters(), fullKeys: []).first)
        #expect(notice.weight == .impaired && notice.text.hasPrefix("serin.db is damaged: "), "\(notice)")
        #expect(notice.next?.contains("server check") == true)
        try pool.close()
        withExtendedLifetime(scratch) {}
    }

    /// One damaged page takes no production down: a server makes the file again from its events, and says so.
    @Test func aDamagedPageKeepsNoServerFromStarting() async throws {
        let (scratch, data, last) = try await Self.folder()
        try Self.breakPage(of: "channel", nil, data)
        for verb: @Sendable (URL) async throws -> Void in [
            { _ = try await FolderCheck.check($0) }, { _ = try await FolderCheck.collect($0, hours: 0, now: Self.now) },
            { _ = try await FolderCheck.resetKey($0, name: nil, now: Self.now) },
        ] {
            let error = await expectError(.badData) { try await verb(data) }
            #expect(error?.why?.contains("can be read") == true && error?.next?.text.contains("server rebuild") == true)
        }
        do {
            let demo = try await DemoPlane(scratch)
            let words = "serin.db was damaged and was made again from its \(last) events"
            #expect(demo.plane.startNotes.contains { $0.hasPrefix(words) }, "\(demo.plane.startNotes)")
            #expect(try await demo.plane.overview.status().models.count == 1)
            try await demo.plane.close()
        }
        #expect(try await FolderCheck.check(data).isClean)
        // By hand it is the same.
        try Self.breakPage(of: "version", nil, data)
        let summary = try await FolderCheck.rebuild(data)
        #expect(!summary.isEqual && summary.differences.first?.hasPrefix("serin.db was damaged") == true, "\(summary)")
        #expect(try await FolderCheck.check(data).isClean)
    }

    /// Where events cannot be read, nothing is made of the rest until a person takes it, by the number that was printed.
    @Test func aDamagedPageOfEventsIsDecidedByAPerson() async throws {
        for hasHead in [true, false] {
            let (scratch, data, last) = try await Self.folder()
            try Self.breakPage(of: "event", last, data)
            if !hasHead { try FileManager.default.removeItem(at: data.appending(path: "serin.db.head")) }
            let configuration = ControlPlaneConfiguration(folder: data, build: "test")
            var found = 0
            for verb: @Sendable (URL) async throws -> Void in [
                { _ = try await FolderCheck.check($0) }, { _ = try await FolderCheck.rebuild($0) },
                { _ in _ = try await ControlPlane.open(configuration, logger: .init(label: "test")) },
            ] {
                let error = await expectError(.badData) { try await verb(data) }
                let text = try #require(error?.next?.text)
                found = try #require(
                    text.firstMatch(of: /server log accept --event (\d+) --reason TEXT/).flatMap { Int($0.1) }
                )
                #expect(error?.why?.contains("up to #\(found)") == true, "\(error?.why ?? "")")
            }
            #expect(found > 0 && found < last)
            await expectError(.badData) {
                _ = try await FolderCheck.acceptLog(data, event: found + 1, reason: "no copy", now: Self.now)
            }
            let taken = try await FolderCheck.acceptLog(data, event: found, reason: "no copy", now: Self.now)
            #expect(taken == LogAcceptance(event: found + 1, acknowledged: hasHead ? last : found, found: found))
            #expect(try await FolderCheck.check(data).isClean)
            try await DemoPlane(scratch).plane.close()
        }
    }
}

extension String? {
    fileprivate var isNilOrEmpty: Bool { self?.isEmpty ?? true }
}
