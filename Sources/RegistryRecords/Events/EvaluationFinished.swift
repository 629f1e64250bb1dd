public import Digests
public import RegistryTypes

/// A release was evaluated on a suite.
public struct EvaluationFinished: Hashable, Sendable, Codable {
    /// The evaluation.
    public let id: EvaluationID
    /// The release.
    public let release: ReleaseID
    /// The traffic set with the expected answers.
    public let suite: Name
    /// The digest of that set.
    public let suiteDigest: Digest
    /// What it scored.
    public let scores: [EvaluationResult.Score]
    /// The blob of the result.
    public let evidence: Digest
    /// The size of that blob.
    public let evidenceSizeBytes: Int64

    /// Makes the value from its fields.
    public init(
        id: EvaluationID,
        release: ReleaseID,
        suite: Name,
        suiteDigest: Digest,
        scores: [EvaluationResult.Score],
        evidence: Digest,
        evidenceSizeBytes: Int64
    ) {
        self.id = id
        self.release = release
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.scores = scores
        self.evidence = evidence
        self.evidenceSizeBytes = evidenceSizeBytes
    }
}
