public import Digests

/// Freezes an uploaded file as a traffic set.
public struct TrafficImport: Hashable, Sendable, Codable {
    /// The blob of the uploaded JSONL.
    public let digest: Digest

    /// Makes the value from its fields.
    public init(digest: Digest) {
        self.digest = digest
    }
}
