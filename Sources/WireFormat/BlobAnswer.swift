public import Digests

/// How much of a blob the server holds now.
public struct BlobAnswer: Hashable, Sendable, Codable {
    /// The blob.
    public let digest: Digest
    /// Bytes held.
    public let offsetBytes: Int64
    /// Whether all of it is there, verified and on disk.
    public let complete: Bool

    /// Makes the value from its fields.
    public init(digest: Digest, offsetBytes: Int64, complete: Bool) {
        self.digest = digest
        self.offsetBytes = offsetBytes
        self.complete = complete
    }
}
