import Artifacts
import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import TrafficLog
import Wording

/// Traffic sets as blobs.
struct TrafficSetFiles: Sendable {
    let blobs: BlobStore

    /// The largest set: it is held in memory, as bytes and as requests, while it is read.
    private static let limitBytes: Int64 = 256 << 20

    /// The requests of a frozen set, in its order; the bytes are checked against the digest.
    func requests(_ digest: Digest) throws -> [TrafficRequest] {
        do {
            return try TrafficSet(data: blobs.read(digest, atMost: Self.limitBytes)).requests
        } catch let error as ArtifactsError {
            throw ControlPlaneError.lost("the requests of this traffic set", digest, error, next: "\(.trafficImport())")
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// Reads an uploaded file and stores its canonical form.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` with the line that is broken.
    func freeze(_ digest: Digest) throws -> (requests: [TrafficRequest], stored: StoredBlob) {
        do {
            let set = try TrafficSet(data: blobs.read(digest, atMost: Self.limitBytes))
            let canonical = try set.canonicalData()
            guard canonical.count <= Self.limitBytes else { throw Self.tooLarge(Int64(canonical.count)) }
            return (set.requests, try blobs.put(canonical))
        } catch ArtifactsError.tooLarge(_, let sizeBytes, _) {
            throw Self.tooLarge(sizeBytes)
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

    /// Stores requests that the server itself gathered.
    func store(_ requests: [TrafficRequest]) throws -> StoredBlob {
        do {
            let data = try TrafficSet(requests).canonicalData()
            guard data.count <= Self.limitBytes else { throw Self.tooLarge(Int64(data.count)) }
            return try blobs.put(data)
        } catch let error as ArtifactsError {
            throw ControlPlaneError(error)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// Whether `known` holds `requests`, which are `stored` now; sets of the first builds have the digest of their form, and
    /// those of earlier ones do not say where an expected answer comes from.
    static func isSame(_ known: TrafficRecord, _ digest: Digest, _ requests: [TrafficRequest]) throws -> Bool {
        if known.digest == digest { return true }
        guard known.requests == requests.count else { return false }
        let before = try TrafficSet(requests.map(\.withoutSource))
        return try before.digest() == known.digest || before.digest(.foundation) == known.digest
    }

    private static func tooLarge(_ sizeBytes: Int64) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            "the traffic file has \(sizeBytes) bytes; at most \(Self.limitBytes) (256 MiB) are taken",
            why: "a set is held in memory while it is replayed",
            next: "import a selection, or parts under names of their own"
        )
    }
}

extension TrafficRequest {
    /// The same request as builds wrote it that did not note where its expected answer comes from.
    fileprivate var withoutSource: TrafficRequest {
        TrafficRequest(id: id, variables: variables, expected: expected, tags: tags, askedAt: askedAt, tools: tools)
    }
}
