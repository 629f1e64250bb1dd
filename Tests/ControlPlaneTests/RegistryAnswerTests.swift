import Artifacts
import Catalog
import Digests
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat
import Wording

@testable import ControlPlane

/// What the registry says of what it holds: which version is meant, whose text it is, what is gone, what was so before.
@Suite struct RegistryAnswerTests {
    private static func prompt(_ text: String) -> String {
        """
        apiVersion: serin/v1
        kind: Prompt
        name: greeting
        format: chatml
        messages:
          - { role: user, text: "\(text)" }
        """
    }

    /// `greeting` means the newest version, and what was applied is an older one: that is said.
    @Test func applyOfAnOlderPromptNamesTheNewest() async throws {
        let demo = try await DemoPlane()
        for text in ["good day", "hello"] { _ = try await demo.apply(Self.prompt(text)) }
        let older = try #require(try await demo.apply(Self.prompt("good day")).changes.first)
        #expect(older.action == .unchanged && older.revision == 1 && older.newest == 2)
        let newest = try #require(try await demo.apply(Self.prompt("hello")).changes.first)
        #expect(newest.action == .unchanged && newest.revision == 2 && newest.newest == nil)
    }

    /// Two documents in one file: each is kept with its own lines, and a change of one is none of the other.
    @Test func eachDocumentKeepsItsOwnText() async throws {
        let demo = try await DemoPlane()
        let canary = """
            # about tickets
            apiVersion: serin/v1
            kind: Canary
            name: other
            compare: { traffic: tickets, requests: 200 }
            checks:
              - { name: right, metric: exact_match, mayDrop: 2 points }
            """
        _ = try await demo.apply(DocumentTests.policy + "\n---\n" + canary)
        let stored = try await demo.plane.registry.documents.policy(DemoPlane.known("strict")).record
        #expect(stored.source.contains("name: strict") && !stored.source.contains("kind: Canary"))
        let changed = try await demo.apply(
            DocumentTests.policy + "\n---\n" + canary.replacingOccurrences(of: "2 points", with: "3 points")
        )
        #expect(changed.changes.map(\.action) == [.unchanged, .changed])
        #expect(changed.changes[1].details.allSatisfy { $0.contains("points") }, "\(changed.changes[1].details)")
    }

    /// A name and a display name that a reader would take for each other are one model, whatever the size of the letters.
    @Test func noModelIsCalledLikeAnother() async throws {
        let demo = try await DemoPlane()
        func publish(_ model: String, _ displayName: String?) async throws -> PublishAnswer {
            let file = try await demo.file("notes.bin", .opaque, Data("\(model) \(displayName ?? "")".utf8))
            return try await demo.plane.registry.publishing.publish(
                DemoPlane.known(model),
                PublishRequest(manifest: Manifest(files: [file]), displayName: displayName.map { try DisplayName($0) }),
                by: DemoPlane.admin
            )
        }
        _ = try await publish("first", "Org9/Z")
        _ = try await publish("second", "Foo4")
        let head = try await demo.head()
        for (model, displayName) in [
            ("other", "ticket-bot"), ("other", "Ticket-Bot"), ("other", "org9/z"), ("other", "FOO4"), ("foo4", nil),
        ] {
            let error = await expectError(.conflict, "\(model) \(displayName ?? "")") {
                try await publish(model, displayName)
            }
            #expect(error?.next?.text.contains("--model") == true)
        }
        #expect(try await demo.head() == head)
        let renamed = try await publish("first", "Org9/Y")
        #expect(renamed.warnings?.contains { $0.contains("was known as Org9/Z") } == true)
        // The log says what it was called before.
        let event = try #require(
            try await demo.plane.audit.list(before: nil, after: nil, limit: 1, kind: "model.named", subject: nil).first
        )
        #expect(event.body.contains("Org9/Z") && event.body.contains("Org9/Y"))
    }

    /// What the disk lost is said beside all that is still known, or with what brings it back.
    @Test func whatIsLostHidesNothingElse() async throws {
        let demo = try await DemoPlane()
        func lose(_ digest: Digest) throws {
            let hex = digest.hexadecimal
            let path = "data/blobs/sha256/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
            try FileManager.default.removeItem(at: demo.folder.appending(path: path))
        }
        let id = VersionID(DemoPlane.model, 1)
        let version = try await demo.plane.registry.models.version(id)
        try lose(try #require(version.version.manifest.card).digest)
        let shown = try await demo.plane.registry.models.version(id)
        #expect(shown.cardText == nil && shown.version == version.version && shown.notes?.count == 1)
        #expect(shown.inspection != nil)

        let sets = try await demo.plane.traffic.sets.list()
        let set = try #require(sets.items.first)
        #expect(sets.total == sets.items.count)
        try lose(set.digest)
        let error = await expectError(.badData) { try await demo.plane.traffic.sets.show(set.name) }
        #expect(
            error?.next?.text.contains("traffic import") == true && error?.next?.text.contains(set.name.text) == true
        )
    }

    /// An upload that was not finished goes with the collection, which says how much of what it removed that was.
    @Test func collectionNamesUnfinishedUploads() async throws {
        let scratch = try ScratchFolder()
        let data = scratch.url.appending(path: "data")
        // The folder is one owner's at a time.
        do {
            let store = try BlobStore(DataFolder(at: data.path))
            let digest = Digest(of: Data("whole".utf8))
            var upload = try store.open(digest: digest, sizeBytes: 5, of: "ada")
            try Data("wh".utf8).withUnsafeBytes { try upload.append($0) }
        }
        try await ControlPlane.open(
            ControlPlaneConfiguration(folder: data, build: "test", now: { Timestamp(milliseconds: 0) }),
            logger: .init(label: "test")
        ).close()
        let late = Timestamp(Date()).adding(seconds: 86_400)
        let summary = try await FolderCheck.collect(data, hours: 1, now: late)
        #expect(summary.unfinished == 1 && summary.blobs == 0)
    }

    /// Two people send the same bytes at once: both are told that they are there, and neither undoes the other.
    @Test func twoMayUploadTheSameBytesAtOnce() async throws {
        let demo = try await DemoPlane()
        let bytes = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }), digest = Digest(of: bytes)
        func send(_ name: String) async throws -> BlobAnswer {
            let offset = Mutex(0)
            return try await demo.plane.registry.uploads.take(
                digest,
                sizeBytes: Int64(bytes.count),
                offsetBytes: 0,
                by: Caller(name: DemoPlane.known(name), role: .publisher)
            ) {
                await Task.yield()
                let start = offset.withLock { value in
                    defer { value += 1000 }
                    return value
                }
                guard start < bytes.count else { return nil }
                let part = bytes[start..<min(start + 1000, bytes.count)]
                return UploadChunk { use in try Data(part).withUnsafeBytes { try use($0) } }
            }
        }
        async let first = send("ann"), second = send("bob")
        let answers = try await [first, second]
        #expect(answers.map(\.complete) == [true, true])
        let file = try ArtifactFile(path: "notes.bin", digest: digest, sizeBytes: Int64(bytes.count), role: .opaque)
        #expect(try await demo.publish([file], model: DemoPlane.known("shared")).created)
    }

    /// The names under which nobody with a key acts are no names of keys, with a server and without one.
    @Test(arguments: ["serin", "offline"]) func reservedNamesAreNoKeys(_ name: String) async throws {
        let demo = try await DemoPlane()
        await expectError(.conflict) {
            try await demo.plane.access.createKey(
                KeyRequest(name: DemoPlane.known(name), role: .admin),
                by: DemoPlane.admin
            )
        }
        try await demo.plane.close()
        await expectError(.conflict) {
            try await FolderCheck.resetKey(
                demo.folder.appending(path: "data"),
                name: DemoPlane.known(name),
                now: Timestamp(milliseconds: 1_795_000_100_000)
            )
        }
    }

    /// An incident that is over stays as it was closed; whoever closes it again learns that, and by whom.
    @Test func closingAgainSaysThatItWasClosed() async throws {
        let demo = try await DemoPlane()
        let id = IncidentID(1)
        let opened = IncidentOpened(
            id: id,
            model: DemoPlane.model,
            family: .quality,
            severity: .page,
            title: "it burns",
            sentence: "it burns"
        )
        try await demo.plane.overview.ledger.append(by: .system) { _ in Change([.incidentOpened(opened)]) }
        let closed = try await demo.plane.incidents.close(id, ReasonRequest(reason: "fixed"), by: DemoPlane.admin)
        #expect(closed.note == nil && closed.row.closedAt != nil)
        let head = try await demo.head()
        let again = try await demo.plane.incidents.close(id, ReasonRequest(reason: "mine"), by: DemoPlane.admin)
        #expect(again.note?.contains("was closed before") == true && again.note?.contains("by admin: fixed") == true)
        #expect(try await demo.head() == head)
    }
}
