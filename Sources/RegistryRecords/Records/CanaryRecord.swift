public import Digests
public import RegistryTypes

/// A canary: what it compares, how far it is and what it found.
public struct CanaryRecord: Hashable, Sendable, Codable {
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
    /// How far it is.
    public let state: CanaryState
    /// What it found; nil until judged.
    public let verdict: Verdict?
    /// The deciding reason, or why it stopped.
    public let summary: String?
    /// The blob of its report; nil until judged.
    public let evidence: Digest?
    /// Requests that would probably decide an inconclusive run.
    public let requestsNeeded: Int?
    /// The names of the deciding checks that failed or are marginal.
    public let failedChecks: [String]
    /// Who asked for it.
    public let startedBy: String
    /// When.
    public let startedAt: Timestamp
    /// When it was judged or stopped.
    public let finishedAt: Timestamp?

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
        seed: UInt64,
        state: CanaryState,
        verdict: Verdict? = nil,
        summary: String? = nil,
        evidence: Digest? = nil,
        requestsNeeded: Int? = nil,
        failedChecks: [String],
        startedBy: String,
        startedAt: Timestamp,
        finishedAt: Timestamp? = nil
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
        self.state = state
        self.verdict = verdict
        self.summary = summary
        self.evidence = evidence
        self.requestsNeeded = requestsNeeded
        self.failedChecks = failedChecks
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }
}
