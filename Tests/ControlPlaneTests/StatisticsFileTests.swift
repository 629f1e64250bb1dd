import Artifacts
import Digests
import Foundation
import Logging
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// Files of statistics that cannot be read keep no registry from starting: they are set aside, and that is said.
@Suite struct StatisticsFileTests {
    private static let garbage = Data("this is no file of serin ".utf8 + [UInt8](repeating: 0xA5, count: 9000))

    @Test(
        arguments: [
            ("rollups.db", garbage), ("rollups.db", Data("SQLite format 3\0".utf8) + garbage),
            ("alerts.json", Data("[{".utf8)),
            ("channels.json", Data()), ("keys/redaction", Data()), ("keys/units", Data([1, 2, 3])),
        ] as [(String, Data)]
    )
    func isSetAsideAndSaid(_ name: String, _ bytes: Data) async throws {
        let first = try await DemoPlane()
        try await first.plane.close()
        let scratch = try ScratchFolder(copying: first.folder)
        let file = scratch.url.appending(path: "data/\(name)")
        for ending in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + ending) }
        try? FileManager.default.removeItem(at: file)
        try bytes.write(to: file)
        let demo = try await DemoPlane(scratch)
        #expect(demo.plane.startNotes.contains { $0.hasPrefix(name) }, "\(demo.plane.startNotes)")
        let status = try await demo.plane.overview.status()
        #expect(status.notices?.contains { $0.weight == .passed && $0.text.hasPrefix(name) } == true)
        #expect(!status.models.isEmpty)
        try await demo.plane.close()
        // What could not be read is kept, once.
        let data = scratch.url.appending(path: "data")
        let kept = name.hasPrefix("keys/") ? file.path + ".damaged" : data.appending(path: "damaged").path
        #expect(FileManager.default.fileExists(atPath: kept))
        // Copies: the folder itself is locked as long as the first control plane is remembered.
        let copy = try ScratchFolder(copying: data), next = try ScratchFolder(copying: scratch.url)
        #expect(try await FolderCheck.check(copy.url).isClean)
        let again = try await DemoPlane(next)
        #expect(again.plane.startNotes.isEmpty, "\(again.plane.startNotes)")
        try await again.plane.close()
    }

    /// Bytes of a version that a disk damaged are found at rest, and the incident ends when the right ones are stored.
    @Test func damagedBytesAtRestAreAnIncident() async throws {
        let demo = try await DemoPlane()
        let scrub = demo.plane.loop.maintenance.scrub
        await scrub.step()
        #expect(try await demo.plane.overview.status().incidents.isEmpty)
        let weights = try Data(contentsOf: demo.folder.appending(path: "v1/model.gguf"))
        let digest = try await demo.upload(weights)
        let path = demo.plane.stores.blobs.path(of: digest)
        var damaged = weights
        damaged[weights.count / 2] ^= 4
        chmod(path, 0o600)
        try damaged.write(to: URL(filePath: path))
        await scrub.step()
        let open = try await demo.plane.overview.status().incidents
        #expect(open.map(\.family) == ["store"] && open.first?.severity == "page", "\(open)")
        let id = try #require(open.first?.id)
        let view = try await demo.plane.incidents.show(id)
        #expect(view.next.contains("publish PATH --model ticket-bot"), "\(view)")
        await scrub.step()
        #expect(try await demo.plane.overview.status().incidents.map(\.id) == [id], "said once")
        #expect(try await demo.upload(weights) == digest)
        await scrub.step()
        #expect(try await demo.plane.overview.status().incidents.isEmpty)
        try await demo.plane.close()
    }

    /// Who downloads damaged bytes gets none of them, and does not have to be the one who says so.
    @Test func damagedBytesThatAreAskedForAreAnIncident() async throws {
        let demo = try await DemoPlane()
        let weights = try Data(contentsOf: demo.folder.appending(path: "v1/model.gguf"))
        let digest = Digest(of: weights)
        let path = demo.plane.stores.blobs.path(of: digest)
        chmod(path, 0o600)
        try (weights.dropLast() + [weights[weights.count - 1] ^ 1]).write(to: URL(filePath: path))
        await expectError(.badData) { _ = try await demo.plane.registry.uploads.path(of: digest) }
        let open = try await demo.plane.overview.status().incidents
        #expect(open.map(\.family) == ["store"] && open.first?.severity == "page", "\(open)")
        // Nobody ever stored these: a question about them is no incident.
        await expectError(.notFound) { _ = try await demo.plane.registry.uploads.path(of: Digest(of: Data("x".utf8))) }
        #expect(try await demo.plane.overview.status().incidents.count == 1)
        try await demo.plane.close()
    }

    @Test(.needsSmallDisk)
    func aFolderThatCannotBeWrittenIsCheckedAndNotServed() async throws {
        let first = try await DemoPlane()
        try await first.plane.close()
        let disk = try SmallDisk(megabytes: 128)
        let data = disk.url.appending(path: "data")
        try FileManager.default.copyItem(at: first.folder.appending(path: "data"), to: data)
        try disk.setReadOnly()
        let report = try await FolderCheck.check(data)
        #expect(report.isClean, "\(report.items.flatMap(\.problems))")
        do {
            _ = try await ControlPlane.open(
                ControlPlaneConfiguration(folder: data, build: "test"),
                logger: .init(label: "test")
            )
            Issue.record("a server started on a folder that takes no writes")
        } catch {
            #expect("\(error)".contains("cannot be written to (Read-only file system)"), "\(error)")
        }
    }
}
