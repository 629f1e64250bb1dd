public import Digests
public import RegistryTypes

/// A canary was asked for.
public struct CanaryStarted: Hashable, Sendable, Codable {
    /// The canary.
    public let id: CanaryID
    /// The release under test.
    public let candidate: ReleaseID
    /// The release it is compared with.
    public let baseline: ReleaseID
    /// The traffic set.
    public let traffic: Name
    /// The digest of that set.
    public let trafficDigest: Digest
    /// The canary document.
    public let document: Name
    /// The digest of that document.
    public let documentDigest: Digest
    /// Pairs to compare.
    public let requests: Int
    /// The seed of the order and the coins.
    public let seed: UInt64

    /// Makes the value from its fields.
    public init(
        id: CanaryID,
        candidate: ReleaseID,
        baseline: ReleaseID,
        traffic: Name,
        trafficDigest: Digest,
        document: Name,
        documentDigest: Digest,
        requests: Int,
        seed: UInt64
    ) {
        self.id = id
        self.candidate = candidate
        self.baseline = baseline
        self.traffic = traffic
        self.trafficDigest = trafficDigest
        self.document = document
        self.documentDigest = documentDigest
        self.requests = requests
        self.seed = seed
    }
}
