public import Digests

/// A canary has a verdict.
public struct CanaryJudged: Hashable, Sendable, Codable {
    /// The canary.
    public let id: CanaryID
    /// What it found.
    public let verdict: Verdict
    /// The deciding reason.
    public let summary: String
    /// The blob of its report.
    public let evidence: Digest
    /// The size of that blob.
    public let evidenceSizeBytes: Int64
    /// Requests that would probably decide an inconclusive run.
    public let requestsNeeded: Int?

    /// Makes the value from its fields.
    public init(
        id: CanaryID,
        verdict: Verdict,
        summary: String,
        evidence: Digest,
        evidenceSizeBytes: Int64,
        requestsNeeded: Int? = nil
    ) {
        self.id = id
        self.verdict = verdict
        self.summary = summary
        self.evidence = evidence
        self.evidenceSizeBytes = evidenceSizeBytes
        self.requestsNeeded = requestsNeeded
    }
}
