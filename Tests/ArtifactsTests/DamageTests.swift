import Artifacts
import Digests
import Foundation
import TestSupport
import Testing

@Suite struct DamageTests {
    let scratch: ScratchFolder
    let folder: DataFolder
    let store: BlobStore
    let data = sampleBytes(64)
    let digest: Digest

    init() throws {
        scratch = try ScratchFolder()
        folder = try DataFolder(at: scratch.data)
        store = BlobStore(folder)
        digest = try store.put(data).digest
    }

    private func overwrite(_ bytes: Data) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: store.path(of: digest))
        try bytes.write(to: URL(filePath: store.path(of: digest)))
    }

    @Test func aFlippedBitIsFoundWhereverItIs() throws {
        for bit in 0..<(64 * 8) {
            var damaged = data
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            try overwrite(damaged)
            let error = ArtifactsError.damaged(digest, actual: Digest(of: damaged))
            #expect(throws: error) { try store.verify(digest) }
            #expect(throws: error) { try store.read(digest) }
            // Who reads it finds it damaged once: then its place is free for the right bytes.
            #expect(throws: ArtifactsError.missing(digest)) { try store.requireSound(digest) }
            try store.put(data)
        }
    }

    @Test(arguments: [0, 1, 63, 65]) func aBlobOfAnotherLengthIsFound(_ count: Int) throws {
        try overwrite((data + data).prefix(count))
        #expect(throws: ArtifactsError.self) { try store.verify(digest) }
        #expect(throws: ArtifactsError.self) { try store.read(digest) }
    }

    @Test func aDamagedBlobIsPutAgain() throws {
        try overwrite(sampleBytes(64, seed: 5))
        try store.put(data)
        #expect(try store.read(digest) == data)
    }

    @Test func aDiscardedBlobIsGoneAndCanComeAgain() throws {
        try overwrite(sampleBytes(64, seed: 5))
        try store.discard(digest)
        #expect(!store.contains(digest))
        #expect(throws: ArtifactsError.missing(digest)) { try store.verify(digest) }
        #expect(throws: ArtifactsError.missing(digest)) { try store.discard(digest) }
        try store.upload(data)
        #expect(try store.read(digest) == data)
    }

    @Test func aBlobThatWasNeverStoredIsMissing() {
        let other = Digest(of: Data("other".utf8))
        #expect(throws: ArtifactsError.missing(other)) { try store.read(other) }
        #expect(store.sizeBytes(of: other) == nil)
    }

    @Test func aLargeBlobIsNotReadIntoMemory() {
        #expect(throws: ArtifactsError.tooLarge(digest, sizeBytes: 64, limitBytes: 63)) {
            try store.read(digest, atMost: 63)
        }
    }

    @Test func thingsThatAreNoBlobsAreNamed() throws {
        let top = folder.root + "/blobs/sha256"
        try Data().write(to: URL(filePath: top + "/stray"))
        let hex = digest.hexadecimal
        let wrong = "\(top)/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(String(repeating: "0", count: 64))"
        try Data().write(to: URL(filePath: wrong))
        let (blobs, strangers) = try store.list()
        #expect(blobs.map(\.digest) == [digest])
        #expect(Set(strangers) == [top + "/stray", wrong])
    }
}
