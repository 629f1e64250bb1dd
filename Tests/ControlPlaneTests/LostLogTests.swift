import Artifacts
import Catalog
import Digests
import Foundation
import GRDB
import Logging
import RegistryTypes
import TestSupport
import Testing

@testable import ControlPlane

/// A folder whose log is gone, emptied or changed: nothing is served, made, removed or put in force, and everything else stays.
@Suite struct LostLogTests {
    private typealias Verb = (name: String, run: @Sendable (URL) async throws -> Void)

    private static let later = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + 90_000_000)

    private static let verbs: [Verb] = [
        ("check", { _ = try await FolderCheck.check($0) }), ("rebuild", { _ = try await FolderCheck.rebuild($0) }),
        ("collect", { _ = try await FolderCheck.collect($0, hours: 0, now: later) }),
        ("reset", { _ = try await FolderCheck.resetKey($0, name: nil, now: later) }),
        (
            "serve",
            { url in
                let configuration = ControlPlaneConfiguration(folder: url, build: "test")
                _ = try await ControlPlane.open(configuration, logger: .init(label: "test"))
            }
        ),
    ]

    /// The demo's data folder, closed.
    private static func folder() async throws -> (scratch: ScratchFolder, data: URL) {
        let demo = try await DemoPlane()
        try await demo.plane.close()
        let scratch = try ScratchFolder(copying: demo.folder)
        return (scratch, scratch.url.appending(path: "data"))
    }

    private static func blobs(_ data: URL) throws -> [String] {
        try BlobStore(DataFolder(at: data.path)).list().blobs.map(\.digest.hexadecimal)
    }

    /// Runs SQL on the log, past everything that keeps it as it is.
    private static func edit(_ data: URL, _ sql: String) throws {
        let file = try DatabaseQueue(path: data.appending(path: "serin.db").path)
        try file.writeWithoutTransaction { try $0.execute(sql: "PRAGMA foreign_keys = OFF; " + sql) }
        try file.close()
    }

    /// A log as a start makes it, before its first event.
    private static func emptyLog(in folder: URL) async throws {
        try await Catalog.open(path: folder.appending(path: "serin.db").path).close()
    }

    @Test func aLostLogIsNoNewRegistry() async throws {
        let files = ["serin.db", "serin.db-wal", "serin.db-shm"]
        for isEmptied in [true, false] {
            let (_scratch, data) = try await Self.folder()
            let before = try Self.blobs(data)
            for name in files { try? FileManager.default.removeItem(at: data.appending(path: name)) }
            if isEmptied { try Data().write(to: data.appending(path: "serin.db")) }
            for verb in Self.verbs {
                let error = await expectError(.badData) { try await verb.run(data) }
                #expect(error?.title.contains("is lost") == true, "\(verb.name): \(error?.title ?? "")")
            }
            #expect(try Self.blobs(data) == before && before.count > 4)
            #expect(FileManager.default.fileExists(atPath: data.appending(path: files[0]).path) == isEmptied)
            withExtendedLifetime(_scratch) {}
        }
    }

    /// Another log in its place explains none of the blobs either.
    @Test func anEmptyLogExplainsNoBlobs() async throws {
        let (_scratch, data) = try await Self.folder()
        let other = try ScratchFolder()
        try await Self.emptyLog(in: other.url)
        for name in ["serin.db-wal", "serin.db-shm"] {
            try? FileManager.default.removeItem(at: data.appending(path: name))
        }
        try FileManager.default.removeItem(at: data.appending(path: "serin.db"))
        try FileManager.default.copyItem(
            at: other.url.appending(path: "serin.db"),
            to: data.appending(path: "serin.db")
        )
        for verb in Self.verbs { await expectError(.badData) { try await verb.run(data) } }
        withExtendedLifetime(_scratch) {}
    }

    /// A start that ended in its first seconds left secrets and no event; the next one goes on.
    @Test func aBegunFolderIsNoLostOne() async throws {
        let scratch = try ScratchFolder()
        _ = try DataFolder(at: scratch.path)
        try await Self.emptyLog(in: scratch.url)
        _ = try ServerSecrets(folder: scratch.file("keys"))
        let plane = try await ControlPlane.open(
            ControlPlaneConfiguration(folder: scratch.url, build: "test"),
            logger: .init(label: "test")
        )
        #expect(plane.startNotes.isEmpty, "\(plane.startNotes)")
        try await plane.close()
    }

    /// What is made anew beside a log that goes on is said.
    @Test func newSecretsAreSaid() async throws {
        let (scratch, data) = try await Self.folder()
        for name in ["keys/units", "rollups.db", "rollups.db-wal", "rollups.db-shm"] {
            try FileManager.default.removeItem(at: data.appending(path: name))
        }
        let demo = try await DemoPlane(scratch)
        #expect(demo.plane.startNotes.contains { $0.hasPrefix("keys/units was not there") })
        #expect(demo.plane.startNotes.contains { $0.hasPrefix("rollups.db was not there") })
        #expect(!demo.plane.startNotes.contains { $0.contains("redaction") })
        try await demo.plane.close()
    }

    @Test func damagedTablesAndForgedLogsRemoveNothing() async throws {
        let drop = "DROP TRIGGER IF EXISTS event_is_never_updated; "
        for (sql, refusing) in [
            ("DELETE FROM blob", ["collect"]),
            (drop + "UPDATE event SET actor = 'mallory' WHERE seq = 10", ["collect", "rebuild", "reset", "serve"]),
        ] {
            let (_scratch, data) = try await Self.folder()
            let before = try Self.blobs(data)
            try Self.edit(data, sql)
            for verb in Self.verbs where refusing.contains(verb.name) {
                await expectError(.badData) { try await verb.run(data) }
            }
            #expect(try await !FolderCheck.check(data).isClean)
            #expect(try Self.blobs(data) == before)
            withExtendedLifetime(_scratch) {}
        }
    }

    /// Tables that lost what the log names, and contradict nothing: the log says what is needed.
    @Test func theLogSaysWhatIsNeeded() async throws {
        let (_scratch, data) = try await Self.folder()
        let before = try Self.blobs(data)
        let sql = "DELETE FROM versionFile; DELETE FROM evaluation; DELETE FROM blob WHERE digest NOT IN"
        try Self.edit(data, "\(sql) (SELECT digest FROM traffic)")
        let named = try await Catalog.open(path: data.appending(path: "serin.db").path).digestsInEvents()
        #expect(before.filter { hex in named.contains { $0.hexadecimal == hex } }.count >= 5)
        _ = try await FolderCheck.collect(data, hours: 0, now: Self.later)
        _ = try await FolderCheck.rebuild(data)
        #expect(try await FolderCheck.check(data).isClean)
        withExtendedLifetime(_scratch) {}
    }
}
