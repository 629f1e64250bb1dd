import Catalog
import Digests
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat
import Wording

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
    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3"), "no sqlite3"))
    func forgedTablesComeNotInForce() async throws {
        let (scratch, data, _) = try await Self.folder()
        let file = data.appending(path: "serin.db").path
        let sql =
            "UPDATE key SET role = 'reader' WHERE role = 'admin'; DELETE FROM hold; UPDATE document SET seq = seq WHERE 0"
        #expect(try ChildProcess("/usr/bin/sqlite3", [file, sql], environment: [:]).waitForEnd() == .exit(0))
        let report = try await FolderCheck.check(data)
        let item = try #require(report.items.first { $0.name == "tables" })
        let forged = try await Catalog.open(path: file).read { try $0.keys().contains { $0.role == .reader } }
        guard forged else {
            #expect(item.isClean, "the demo has no key yet")
            return
        }
        #expect(item.problems.first?.contains("role is 'reader', the log says 'admin'") == true, "\(item)")
        let demo = try await DemoPlane(scratch)
        #expect(demo.plane.startNotes.contains { $0.contains("role is 'reader', the log says 'admin'") })
        #expect(try await demo.plane.access.keys().items.allSatisfy { $0.role != .reader })
        #expect(try await demo.plane.overview.status().notices?.isEmpty == false)
        try await demo.plane.close()
        #expect(try await FolderCheck.check(data).isClean)
    }
}

extension String? {
    fileprivate var isNilOrEmpty: Bool { self?.isEmpty ?? true }
}
