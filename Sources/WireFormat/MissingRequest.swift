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
