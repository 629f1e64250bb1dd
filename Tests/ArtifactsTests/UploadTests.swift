import Artifacts
import Digests
import Foundation
import TestSupport
import Testing

@Suite struct UploadTests {
    let scratch: ScratchFolder
    let folder: DataFolder
    let store: BlobStore
    let data = sampleBytes(97)
    var digest: Digest { Digest(of: data) }
    var part: String { "\(folder.root)/staging/\(digest.hexadecimal).part" }

    init() throws {
        scratch = try ScratchFolder()
        folder = try DataFolder(at: scratch.data)
        store = BlobStore(folder)
    }

    @Test func aBlobIsStoredUnderItsDigestReadOnlyAndComesBack() throws {
        let blob = try store.upload(data)
        #expect(blob == StoredBlob(digest: digest, sizeBytes: 97))
        let hex = digest.hexadecimal
        #expect(
            store.path(of: digest)
                == "\(folder.root)/blobs/sha256/\(hex.prefix(2))/\(hex.dropFirst(2).prefix(2))/\(hex)"
        )
        let mode = try FileManager.default.attributesOfItem(atPath: store.path(of: digest))[.posixPermissions] as? Int
        #expect(mode == 0o444)
        #expect(try store.read(digest) == data)
        #expect(try store.verify(digest) == blob)
        #expect(try store.list().blobs == [blob])
        #expect(try store.list().strangers.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: part))
    }

    @Test func anUploadGoesOnFromEveryOffset() throws {
        for cut in 0...data.count {
            let folder = try DataFolder(at: scratch.path + "/cut-\(cut)")
            do {
                var upload = try BlobStore(folder).open(digest: digest, sizeBytes: 97)
                try upload.append(data, from: 0, to: cut)
            }
            let later = BlobStore(folder)
            #expect(later.uploadedBytes(of: digest) == Int64(cut))
            var upload = try later.open(digest: digest, sizeBytes: 97)
            #expect(upload.offset == Int64(cut))
            try upload.append(data, from: cut, pieceBytes: 40)
            try upload.finish()
            #expect(try later.read(digest) == data)
        }
    }

    /// What one key leaves behind is bounded, by bytes and by number, and is in nobody else's way.
    @Test func unfinishedUploadsOfOneOwnerAreBounded() throws {
        let store = BlobStore(folder, unfinishedLimitBytes: 100)
        func leave(_ seed: UInt64, of owner: String, on store: BlobStore) throws {
            let data = sampleBytes(97, seed: seed)
            var upload = try store.open(digest: Digest(of: data), sizeBytes: 97, of: owner)
            try upload.append(data, from: 0, to: 60)
        }
        try leave(11, of: "ci", on: store)
        try leave(12, of: "ci", on: store)
        let refusal = ArtifactsError.tooMuchUnfinished(owner: "ci", count: 2, sizeBytes: 120)
        #expect(throws: refusal) { try leave(13, of: "ci", on: store) }
        #expect("\(refusal)".contains("key ci left 2 unfinished uploads with 120 bytes"))
        try leave(13, of: "ann", on: store)
        // Going on with one of them is what makes room.
        for seed: UInt64 in [11, 12] {
            let data = sampleBytes(97, seed: seed)
            var upload = try store.open(digest: Digest(of: data), sizeBytes: 97, of: "ci")
            try upload.append(data, from: 60)
            try upload.finish()
        }
        try leave(13, of: "ci", on: store)
        // By number, whatever they hold.
        for number in 0..<1000 {
            let name = "\(Digest(of: Data("\(number)".utf8)).hexadecimal).bob.part"
            try Data().write(to: URL(filePath: "\(folder.root)/staging/\(name)"))
        }
        #expect(throws: ArtifactsError.tooMuchUnfinished(owner: "bob", count: 1000, sizeBytes: 0)) {
            try leave(14, of: "bob", on: store)
        }
    }

    @Test func anEmptyBlobCanBeStored() throws {
        try store.upload(Data())
        #expect(try store.read(Digest(of: Data())) == Data())
    }

    @Test func otherBytesThanAnnouncedAreRefusedAndNotKept() throws {
        let other = sampleBytes(97, seed: 2)
        #expect(throws: ArtifactsError.wrongDigest(expected: digest, actual: Digest(of: other))) {
            try store.upload(other, as: digest)
        }
        #expect(!store.contains(digest))
        #expect(!FileManager.default.fileExists(atPath: part))
        try store.upload(data)
    }

    @Test func stagedBytesThatRottedAreFoundOutAndTheNextTryStartsAnew() throws {
        try sampleBytes(50, seed: 3).write(to: URL(filePath: part))
        #expect(throws: ArtifactsError.self) { try store.upload(data) }
        #expect(!store.contains(digest))
        try store.upload(data)
        #expect(try store.read(digest) == data)
    }

    @Test func aStagedPartLongerThanTheBlobIsStartedAnew() throws {
        try sampleBytes(200).write(to: URL(filePath: part))
        try store.upload(data)
        #expect(try store.read(digest) == data)
    }

    @Test func tooManyBytesAreRefusedAndWhatCameBeforeStays() throws {
        do {
            var upload = try store.open(digest: digest, sizeBytes: 97)
            try upload.append(data, from: 0, to: 90, pieceBytes: 90)
            let more = [UInt8](repeating: 0, count: 8)
            var thrown: ArtifactsError?
            do {
                try more.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in try upload.append(bytes) }
            } catch { thrown = error as? ArtifactsError }
            #expect(thrown == .tooManyBytes(digest, expected: 97))
        }
        #expect(store.uploadedBytes(of: digest) == 90)
        try store.upload(data)
    }

    @Test func anUploadThatEndsEarlyCanGoOn() throws {
        do {
            var upload = try store.open(digest: digest, sizeBytes: 97)
            try upload.append(data, from: 0, to: 60)
            var thrown: ArtifactsError?
            do throws(ArtifactsError) { try upload.finish() } catch { thrown = error }
            #expect(thrown == .incomplete(digest, expected: 97, received: 60))
        }
        #expect(!store.contains(digest))
        try store.upload(data)
    }

    @Test func aBlobHasOneWriterAtATime() throws {
        do {
            var upload = try store.open(digest: digest, sizeBytes: 97)
            try upload.append(data, from: 0, to: 10)
            var thrown: ArtifactsError?
            do throws(ArtifactsError) { _ = try store.open(digest: digest, sizeBytes: 97) } catch { thrown = error }
            #expect(thrown == .uploadInProgress(digest))
            // Another blob is not held up.
            try store.upload(sampleBytes(5, seed: 9))
        }
        try store.upload(data)
    }

    @Test func aNegativeSizeIsRefused() {
        #expect(throws: ArtifactsError.badSize(digest, sizeBytes: -1)) {
            _ = try store.open(digest: digest, sizeBytes: -1)
        }
    }

    @Test func equalEvidencePutByManyAtOnceIsOneBlob() async throws {
        let store = store
        let data = data
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<32 { group.addTask { try store.put(data) } }
            try await group.waitForAll()
        }
        #expect(try store.list().blobs.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.root + "/staging").isEmpty)
    }

    @Test func stagingKeepsYoungUploadsAndDropsTheRest() throws {
        do {
            var upload = try store.open(digest: digest, sizeBytes: 97)
            try upload.append(data, from: 0, to: 10)
            // In use: kept however old it is.
            #expect(try store.collectStaging(before: .max).isEmpty)
        }
        try Data("left behind".utf8).write(to: URL(filePath: folder.root + "/staging/put-1-1"))
        #expect(try store.collectStaging(before: 0).map(\.name) == ["put-1-1"])
        #expect(store.uploadedBytes(of: digest) == 10)
        #expect(try store.collectStaging(before: .max).map(\.name) == [digest.hexadecimal + ".part"])
        #expect(store.uploadedBytes(of: digest) == nil)
    }

    /// What one owner sent is nothing that another goes on with, nor in his way.
    @Test func uploadsOfOthersAreInNobodysWay() throws {
        do {
            var stalled = try store.open(digest: digest, sizeBytes: 97, of: "mallory")
            try stalled.append(Data(repeating: 7, count: 20), from: 0, to: 20)
            var upload = try store.open(digest: digest, sizeBytes: 97, of: "ann")
            #expect(upload.offset == 0)
            try upload.append(data, from: 0, to: 40)
            #expect(throws: ArtifactsError.uploadInProgress(digest)) {
                _ = try store.open(digest: digest, sizeBytes: 97, of: "ann")
            }
            #expect(store.uploadedBytes(of: digest, of: "ann") == 40)
            _ = stalled.offset
        }
        #expect(store.uploadedBytes(of: digest, of: "mallory") == 20 && store.uploadedBytes(of: digest) == nil)
        var rest = try store.open(digest: digest, sizeBytes: 97, of: "ann")
        try rest.append(data, from: 40, to: 97)
        #expect(try rest.finish().digest == digest)
        #expect(try store.collectStaging(before: .max).map(\.name) == [digest.hexadecimal + ".mallory.part"])
        #expect(try store.verify(digest).sizeBytes == 97)
    }

    // MARK: Bytes of nothing

    private static let now = Int64(Date().timeIntervalSince1970)

    /// Makes a blob look as if it was stored long ago.
    private func age(_ digest: Digest) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000)],
            ofItemAtPath: store.path(of: digest)
        )
    }

    @Test func oldBlobsOfNothingAreCollectedAndYoungOnesStay() throws {
        let (old, young, asked) = (Data("old".utf8), Data("young".utf8), Data("asked".utf8))
        let blobs = try [old, young, asked].map { try store.put($0).digest }
        try age(blobs[0])
        try age(blobs[2])
        #expect(store.touch(blobs[2]) == 5)
        #expect(store.touch(Digest(of: Data("none".utf8))) == nil)
        let removed = try store.collect(blobs + [Digest(of: Data("none".utf8))], before: Self.now - 3600)
        #expect(removed == [StoredBlob(digest: blobs[0], sizeBytes: 3)])
        #expect(blobs.map(store.contains) == [false, true, true])
        // What was collected is stored again like anything else; putting counts as asking.
        try store.put(old)
        try age(blobs[0])
        try store.put(old)
        #expect(try store.collect(blobs, before: Self.now - 3600).isEmpty)
        #expect(try store.verify(blobs[0]).sizeBytes == 3)
        // Nothing is collected while somebody writes it.
        try age(blobs[0])
        do {
            let upload = try store.open(digest: blobs[0], sizeBytes: 3)
            #expect(try store.collect([blobs[0]], before: .max).isEmpty)
            _ = upload.offset
        }
        #expect(try store.collect([blobs[0]], before: .max).count == 1)
    }

    /// A process that ended between two steps of a collection.
    @Test func aBlobThatWasSetAsideComesBack() throws {
        let blob = try store.put(Data("aside".utf8)).digest
        let aside = folder.root + "/staging/\(blob.hexadecimal).aside"
        try FileManager.default.moveItem(atPath: store.path(of: blob), toPath: aside)
        #expect(!store.contains(blob))
        #expect(try store.collectStaging(before: .max).isEmpty)
        #expect(try store.verify(blob).sizeBytes == 5)
        #expect(!FileManager.default.fileExists(atPath: aside))
        // Stored again meanwhile: the one that is in place stays.
        try FileManager.default.copyItem(atPath: store.path(of: blob), toPath: aside)
        _ = try store.collectStaging(before: 0)
        #expect(store.contains(blob) && !FileManager.default.fileExists(atPath: aside))
    }
}
