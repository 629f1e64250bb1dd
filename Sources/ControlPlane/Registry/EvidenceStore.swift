import Artifacts
import Digests
import Foundation
import StrictJSON

/// Frozen results as blobs: reports, evaluations, references.
struct EvidenceStore: Sendable {
    private let blobs: BlobStore

    init(_ blobs: BlobStore) { self.blobs = blobs }

    /// Stores evidence and says under which digest.
    ///
    /// - Throws: ``ControlPlaneError``.
    func store(_ evidence: some Encodable) throws -> StoredBlob { try store(bytes: CanonicalJSON.encode(evidence)) }

    /// Stores bytes that are evidence in a form of their own.
    ///
    /// - Throws: ``ControlPlaneError``.
    func store(bytes: Data) throws(ControlPlaneError) -> StoredBlob {
        do {
            return try blobs.put(bytes)
        } catch {
            throw ControlPlaneError(error)
        }
    }

    /// The bytes of evidence in a form of its own; the digest is checked.
    ///
    /// - Throws: ``ControlPlaneError``.
    func bytes(of digest: Digest) throws(ControlPlaneError) -> Data {
        do {
            return try blobs.read(digest)
        } catch {
            throw ControlPlaneError.lost("the bytes of this evidence", digest, error)
        }
    }

    /// Evidence read back; its digest is checked.
    ///
    /// - Throws: ``ControlPlaneError``.
    func read<Value: Decodable>(_ type: Value.Type, _ digest: Digest) throws -> Value {
        let bytes = try bytes(of: digest)
        do {
            return try CanonicalJSON.decode(type, from: bytes)
        } catch {
            // What we stored ourselves and cannot read is no fault of who asks for it.
            throw ControlPlaneError(.internalFault, "evidence \(digest.short) cannot be read", why: "\(error)")
        }
    }
}
