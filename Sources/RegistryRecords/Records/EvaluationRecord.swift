public import Digests
public import RegistryTypes

/// An evaluation of a release on a suite.
public struct EvaluationRecord: Hashable, Sendable, Codable {
    /// How far an evaluation is.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Waits for its turn, or runs; a restart takes it up again.
        case running
        /// Has a result.
        case finished
        /// Could not be finished; the summary says why.
        case stopped
    }

    /// The evaluation.
    public let id: EvaluationID
    /// The release.
    public let release: ReleaseID
    /// The traffic set with the expected answers.
    public let suite: Name
    /// The digest of that set.
    public let suiteDigest: Digest
    /// The cases of that set. The first builds did not say; there it is the most that a score counted.
    public let cases: Int
    /// How far it is.
    public let state: State
    /// What it scored; empty until finished.
    public let scores: [EvaluationResult.Score]
    /// The blob of its result; nil until finished.
    public let evidence: Digest?
    /// Why it stopped; nil otherwise.
    public let summary: String?
    /// Who asked for it.
    public let by: String
    /// When it was asked for.
    public let startedAt: Timestamp
    /// When it ended; when it was asked for while it runs.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        id: EvaluationID,
        release: ReleaseID,
        suite: Name,
        suiteDigest: Digest,
        cases: Int = 0,
        state: State = .finished,
        scores: [EvaluationResult.Score],
        evidence: Digest?,
        summary: String? = nil,
        by: String,
        startedAt: Timestamp? = nil,
        at: Timestamp
    ) {
        self.id = id
        self.release = release
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.cases = cases
        self.state = state
        self.scores = scores
        self.evidence = evidence
        self.summary = summary
        self.by = by
        self.startedAt = startedAt ?? at
        self.at = at
    }
}
