public import Digests

/// Asks which blobs the server lacks.
public struct MissingRequest: Hashable, Sendable, Codable {
    /// The digests to look for, at most 1,000.
    public let digests: [Digest]

    /// Makes the value from its fields.
    public init(digests: [Digest]) {
        self.digests = digests
    }
}

/// The blobs the server lacks.
public struct MissingAnswer: Hashable, Sendable, Codable {
    /// In the order asked; those that are there are left out.
    public let missing: [MissingBlob]

    /// Makes the value from its fields.
    public init(missing: [MissingBlob]) {
        self.missing = missing
    }
}

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
