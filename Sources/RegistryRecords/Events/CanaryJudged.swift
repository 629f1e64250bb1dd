public import Digests
public import RegistryTypes

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
    /// The names of the deciding checks that failed or are marginal, in the order of the document.
    public let failedChecks: [String]

    /// Makes the value from its fields.
    public init(
        id: CanaryID,
        verdict: Verdict,
        summary: String,
        evidence: Digest,
        evidenceSizeBytes: Int64,
        requestsNeeded: Int? = nil,
        failedChecks: [String]
    ) {
        self.id = id
        self.verdict = verdict
        self.summary = summary
        self.evidence = evidence
        self.evidenceSizeBytes = evidenceSizeBytes
        self.requestsNeeded = requestsNeeded
        self.failedChecks = failedChecks
    }
}
