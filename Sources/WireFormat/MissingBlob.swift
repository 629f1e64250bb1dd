public import Digests

/// A blob the server lacks, or has a part of.
public struct MissingBlob: Hashable, Sendable, Codable {
    /// The blob.
    public let digest: Digest
    /// Bytes it already holds, from which an upload goes on.
    public let offsetBytes: Int64

    /// Makes the value from its fields.
    public init(digest: Digest, offsetBytes: Int64) {
        self.digest = digest
        self.offsetBytes = offsetBytes
    }
}
