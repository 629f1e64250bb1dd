public import Digests
public import RegistryTypes

/// An evaluation of a release on a suite.
public struct EvaluationRecord: Hashable, Sendable, Codable {
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
    /// The blob of its result.
    public let evidence: Digest
    /// Who asked for it.
    public let by: String
    /// When it finished.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        id: EvaluationID,
        release: ReleaseID,
        suite: Name,
        suiteDigest: Digest,
        scores: [EvaluationResult.Score],
        evidence: Digest,
        by: String,
        at: Timestamp
    ) {
        self.id = id
        self.release = release
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.scores = scores
        self.evidence = evidence
        self.by = by
        self.at = at
    }
}
