import Artifacts
public import Digests
public import Foundation
import LongWork
import RegistryTypes
import ReleaseRuntime
public import WireFormat
import Wording

/// Blobs on their way in and out: which are missing, taking them in, and where they are.
public struct Uploads: Sendable {
    let blobs: BlobStore
    /// Told of stored bytes that were asked for and are damaged or gone.
    let found: @Sendable (Digest, ArtifactsError) async -> Void

    /// Which of these blobs the server lacks, and how much of each it already holds of this caller.
    public func missing(_ request: MissingRequest, by caller: Caller) async throws -> MissingAnswer {
        try caller.require(.uploadFile)
        guard request.digests.count <= 1000 else {
            throw ControlPlaneError(.badRequest, "more than 1,000 digests in one request", next: "ask in parts")
        }
        return MissingAnswer(
            missing: request.digests.filter { blobs.touch($0) == nil }.map { digest in
                MissingBlob(digest: digest, offsetBytes: blobs.uploadedBytes(of: digest, of: caller.name.text) ?? 0)
            }
        )
    }

    /// Takes in a blob, or the rest of one: `next` gives its bytes in order, nil at the end.
    ///
    /// What was synced stays when the connection breaks; a later call goes on from there.
    /// - Parameters:
    ///   - sizeBytes: The size of the whole blob.
    ///   - offsetBytes: Where the first byte belongs; must be what ``missing(_:by:)`` said.
    ///   - caller: Who sends it; what others sent under the same digest is left alone.
    /// - Throws: ``ControlPlaneError``: `conflict` for another offset or while the caller sends it already, `badData` when the bytes
    ///   do not have the digest, `insufficientStorage`.
    public func take(
        _ digest: Digest,
        sizeBytes: Int64,
        offsetBytes: Int64,
        by caller: Caller,
        next: () async throws -> UploadChunk?
    ) async throws -> BlobAnswer {
        try caller.require(.uploadFile)
        if blobs.touch(digest) == sizeBytes {
            return BlobAnswer(digest: digest, offsetBytes: sizeBytes, complete: true)
        }
        do {
            var upload = try blobs.open(digest: digest, sizeBytes: sizeBytes, of: caller.name.text)
            guard upload.offset == offsetBytes else {
                throw ControlPlaneError(
                    .conflict,
                    "the upload of \(digest.short) goes on at byte \(upload.offset), not at \(offsetBytes)",
                    why: "an earlier upload left that much",
                    next: "ask again which blobs are missing, then go on there"
                )
            }
            while let chunk = try await next() {
                try chunk.withBytes { bytes throws in try upload.append(bytes) }
            }
            guard upload.offset == sizeBytes else {
                return BlobAnswer(digest: digest, offsetBytes: upload.offset, complete: false)
            }
            let stored = try upload.finish()
            return BlobAnswer(digest: stored.digest, offsetBytes: stored.sizeBytes, complete: true)
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        }
    }

    /// Where the bytes of a blob are, which were read for it: what is handed out has its digest.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound`; `badData` for damaged bytes, which are out of use from then on.
    public func path(of digest: Digest) async throws(ControlPlaneError) -> URL {
        guard blobs.contains(digest) else { throw ControlPlaneError.notFound("blob", digest.description) }
        do { try await BlobReading(blobs: blobs).requireSound([digest]) } catch {
            if case .damaged = error { await found(digest, error) }
            throw ControlPlaneError(error)
        }
        return URL(filePath: blobs.path(of: digest))
    }
}

/// Some bytes of an upload, without a copy of them.
public struct UploadChunk: Sendable {
    private let body: @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void

    /// A chunk whose bytes `body` lends for the time of a call.
    public init(_ body: @escaping @Sendable ((UnsafeRawBufferPointer) throws -> Void) throws -> Void) {
        self.body = body
    }

    func withBytes(_ use: (UnsafeRawBufferPointer) throws -> Void) throws { try body(use) }
}

/// Reads blobs whole, which may take seconds, on a thread of its own: no request waits behind it.
actor BlobReading {
    private let blobs: BlobStore
    private let thread = DedicatedThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(blobs: BlobStore) { self.blobs = blobs }

    /// Verifies blobs; one that is damaged is out of use from then on.
    func requireSound(_ digests: [Digest]) throws(ArtifactsError) {
        for digest in digests { try blobs.requireSound(digest) }
    }
}
