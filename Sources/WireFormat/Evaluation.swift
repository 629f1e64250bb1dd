public import Digests
public import RegistryRecords
public import RegistryTypes

/// Asks for an evaluation.
public struct EvaluationRequest: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseChoice
    /// The traffic set with the expected answers.
    public let suite: Name

    /// Makes the value from its fields.
    public init(release: ReleaseChoice, suite: Name) {
        self.release = release
        self.suite = suite
    }
}

/// An evaluation, running or finished.
public struct EvaluationView: Hashable, Sendable, Codable {
    /// Its number, such as `e-51`, which it has from its start.
    public let job: String
    /// The release.
    public let release: ReleaseID
    /// The suite.
    public let suite: Name
    /// How far it is.
    public let progress: WorkProgress
    /// Who asked for it; nil once it is finished, when the record says so, and for those of the first builds.
    public let startedBy: String?
    /// When; nil as above.
    public let startedAt: Timestamp?
    /// The record; nil until it is finished.
    public let record: EvaluationRecord?
    /// The result; nil until it is finished.
    public let result: EvaluationResult?
    /// Why it ended without a result; nil otherwise.
    public let problem: Problem?

    /// Makes the value from its fields.
    public init(
        job: String,
        release: ReleaseID,
        suite: Name,
        progress: WorkProgress,
        startedBy: String? = nil,
        startedAt: Timestamp? = nil,
        record: EvaluationRecord? = nil,
        result: EvaluationResult? = nil,
        problem: Problem? = nil
    ) {
        self.job = job
        self.release = release
        self.suite = suite
        self.progress = progress
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.record = record
        self.result = result
        self.problem = problem
    }
}

/// An evaluation in a list, however far it is.
public struct EvaluationSummary: Hashable, Sendable, Codable {
    /// Its number.
    public let id: EvaluationID
    /// The release.
    public let release: ReleaseID
    /// The traffic set with the expected answers.
    public let suite: Name
    /// The digest of that set.
    public let suiteDigest: Digest
    /// How far it is.
    public let state: EvaluationJob.State
    /// What it scored; empty until it is finished.
    public let scores: [EvaluationResult.Score]
    /// The blob of the result; nil until it is finished.
    public let evidence: Digest?
    /// How far it is in numbers; nil once it has ended.
    public let progress: WorkProgress?
    /// Why it was stopped; nil otherwise.
    public let reason: String?
    /// Who asked for it.
    public let by: String
    /// When it finished; when it was asked for until then.
    public let at: Timestamp

    /// One with a result.
    public init(_ record: EvaluationRecord) {
        id = record.id
        release = record.release
        suite = record.suite
        suiteDigest = record.suiteDigest
        state = .finished
        scores = record.scores
        evidence = record.evidence
        progress = nil
        reason = nil
        by = record.by
        at = record.at
    }

    /// One without a result.
    public init(_ job: EvaluationJob, progress: WorkProgress?) {
        id = job.id
        release = job.release
        suite = job.suite
        suiteDigest = job.suiteDigest
        state = job.state
        scores = []
        evidence = nil
        self.progress = progress
        reason = job.reason
        by = job.startedBy
        at = job.startedAt
    }
}
