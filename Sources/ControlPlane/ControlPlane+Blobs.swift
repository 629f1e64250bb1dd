import Artifacts
public import Digests
public import Foundation
import StrictJSON
public import WireFormat

/// Blobs: which are missing, taking them in, and where they are.
extension ControlPlane {
    /// Which of these blobs the server lacks, and how much of each it already holds.
    public func missingBlobs(_ request: MissingRequest) async throws -> MissingAnswer {
        guard request.digests.count <= 1000 else {
            throw ControlPlaneError(.badRequest, "more than 1,000 digests in one request", next: "ask in parts")
        }
        return MissingAnswer(
            missing: request.digests.filter { !blobs.contains($0) }.map { digest in
                MissingBlob(digest: digest, offsetBytes: blobs.uploadedBytes(of: digest) ?? 0)
            }
        )
    }

    /// Takes in a blob, or the rest of one: `next` gives its bytes in order, nil at the end.
    ///
    /// What was synced stays when the connection breaks; a later call goes on from there.
    /// - Parameters:
    ///   - sizeBytes: The size of the whole blob.
    ///   - offsetBytes: Where the first byte belongs; must be what ``missingBlobs(_:)`` said.
    /// - Throws: ``ControlPlaneError``: `conflict` for another offset or a second writer, `badData` when the bytes
    ///   do not have the digest, `insufficientStorage`.
    public func upload(
        _ digest: Digest,
        sizeBytes: Int64,
        offsetBytes: Int64,
        next: () async throws -> UploadChunk?
    ) async throws -> BlobAnswer {
        if blobs.sizeBytes(of: digest) == sizeBytes {
            return BlobAnswer(digest: digest, offsetBytes: sizeBytes, complete: true)
        }
        do {
            var upload = try blobs.open(digest: digest, sizeBytes: sizeBytes)
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

    /// Where the bytes of a blob are.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    public func blobPath(_ digest: Digest) async throws -> URL {
        guard blobs.contains(digest) else { throw ControlPlaneError.notFound("blob", digest.description) }
        return URL(filePath: blobs.path(of: digest))
    }

    /// Stores evidence and says under which digest.
    func store(evidence: some Encodable) throws -> StoredBlob {
        do {
            return try blobs.put(CanonicalJSON.encode(evidence))
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        }
    }

    /// Stores bytes that are evidence in a form of their own.
    func store(bytes: Data) throws -> StoredBlob {
        do {
            return try blobs.put(bytes)
        } catch {
            throw ControlPlaneError(error)
        }
    }

    /// The bytes of evidence in a form of its own; the digest is checked.
    func bytes(of digest: Digest) throws -> Data {
        do {
            return try blobs.read(digest)
        } catch {
            throw ControlPlaneError(error)
        }
    }

    /// Evidence read back; its digest is checked.
    func evidence<Value: Decodable>(_ type: Value.Type, _ digest: Digest) throws -> Value {
        do {
            return try CanonicalJSON.decode(type, from: blobs.read(digest))
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch {
            // What we stored ourselves and cannot read is no fault of who asks for it.
            throw ControlPlaneError(.internalFault, "evidence \(digest.short) cannot be read", why: "\(error)")
        }
    }
}
