import Artifacts
import Digests
import Foundation
import TestSupport
import Testing

@Suite(.needsSmallDisk)
struct FullDiskTests {
    let disk: SmallDisk
    let store: BlobStore
    let data = sampleBytes(1 << 20)
    let digest: Digest

    init() throws {
        disk = try SmallDisk(megabytes: 3)
        store = BlobStore(try DataFolder(at: disk.path + "/data"))
        digest = Digest(of: data)
    }

    /// How many bytes the error says are missing; nil for another error.
    private func missing(_ body: () throws -> Void) -> Int64? {
        do { try body() } catch ArtifactsError.diskFull(_, let missing) { return missing } catch { return nil }
        return nil
    }

    @Test func whatCannotFitIsRefusedBeforeTheFirstByte() throws {
        try disk.fill(leaving: 500_000)
        let missing = missing { _ = try store.open(digest: digest, sizeBytes: 1 << 20) }
        #expect((500_000..<(1 << 20)).contains(missing ?? 0))
        #expect(!store.contains(digest))
    }

    @Test func anUploadThatFillsTheDiskKeepsWhatCameAndGoesOnLater() throws {
        do {
            var upload = try store.open(digest: digest, sizeBytes: 1 << 20)
            try upload.append(data, from: 0, to: 1000, pieceBytes: 1000)
            try disk.fill(leaving: 200_000)
            var missing: Int64?
            do { try upload.append(data, from: 1000, pieceBytes: 65536) } catch ArtifactsError.diskFull(_, let bytes) {
                missing = bytes
            }
            #expect(missing ?? 0 > 500_000)
        }
        #expect(!store.contains(digest))
        let kept = try #require(store.uploadedBytes(of: digest))
        #expect(kept > 100_000)
        try disk.free()
        var upload = try store.open(digest: digest, sizeBytes: 1 << 20)
        #expect(upload.offset == kept)
        try upload.append(data, from: Int(kept), pieceBytes: 65536)
        try upload.finish()
        #expect(try store.read(digest) == data)
    }

    @Test func anUploadLeavesTheLastPartOfTheDiskToTheLog() throws {
        try disk.fill(leaving: (1 << 20) + 10_000)
        #expect(missing { _ = try store.open(digest: digest, sizeBytes: 1 << 20) } ?? 0 > 100_000)
        // Evidence may have it.
        try store.put(data)
    }

    @Test func evidenceThatDoesNotFitLeavesNothing() throws {
        try disk.fill(leaving: 100_000)
        #expect(missing { try store.put(data) } ?? 0 > 500_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path + "/data/staging").isEmpty)
        #expect(try store.list().blobs.isEmpty)
        try disk.free()
        try store.put(data)
    }
}
