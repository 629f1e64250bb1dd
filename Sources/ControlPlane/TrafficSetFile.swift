import Artifacts
import Digests
import Foundation
import RegistryTypes
import TrafficLog

/// Traffic sets as blobs.
enum TrafficSetFile {
    /// The requests of a frozen set, in its order; the bytes are checked against the digest.
    static func requests(in blobs: BlobStore, _ digest: Digest) throws -> [TrafficRequest] {
        do {
            return try TrafficSet(data: blobs.read(digest)).requests
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        }
    }

    /// Reads an uploaded file and stores its canonical form.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with the line that is broken.
    static func freeze(_ blobs: BlobStore, _ digest: Digest) throws -> (requests: [TrafficRequest], stored: StoredBlob)
    {
        do {
            let set = try TrafficSet(data: blobs.read(digest))
            return (set.requests, try blobs.put(set.canonicalData()))
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(
                .badData,
                "traffic file: \(error)",
                next: "a line is one JSON object: {\"id\":\"1\",\"variables\":{\"ticket\":\"…\"},\"expected\":\"…\"}"
            )
        }
    }
}
