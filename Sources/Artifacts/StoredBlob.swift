public import Digests

/// Bytes that are stored under their digest.
public struct StoredBlob: Hashable, Sendable {
    /// The SHA-256 of the bytes.
    public let digest: Digest
    /// How many there are.
    public let sizeBytes: Int64

    /// Bytes that are stored.
    public init(digest: Digest, sizeBytes: Int64) {
        self.digest = digest
        self.sizeBytes = sizeBytes
    }
}
