import Artifacts
import Digests
import Foundation
import TestSupport
import Testing

/// A process that dies at each step of an upload, and the one after it.
@Suite struct CrashTests {
    let data = sampleBytes(3000)

    @Test(arguments: ["upload.partWritten", "upload.partWritten:2", "upload.synced", "upload.renamed"])
    func anUploadThatWasKilledIsThereWholeOrGoesOn(_ failpoint: String) async throws {
        let scratch = try ScratchFolder()
        let path = scratch.data
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, failpoint = failpoint as String] in
            setenv("SERIN_FAILPOINT", failpoint, 1)
            try BlobStore(DataFolder(at: path)).upload(sampleBytes(3000), pieceBytes: 1000)
        }
        let store = BlobStore(try DataFolder(at: path))
        let digest = Digest(of: data)
        #expect(store.contains(digest) == (failpoint == "upload.renamed"))
        if store.contains(digest) { #expect(try store.read(digest) == data) }
        try store.upload(data, pieceBytes: 1000)
        #expect(try store.read(digest) == data)
        #expect(try store.list().strangers.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path + "/staging").isEmpty)
    }
}
