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
        record: EvaluationRecord? = nil,
        result: EvaluationResult? = nil,
        problem: Problem? = nil
    ) {
        self.job = job
        self.release = release
        self.suite = suite
        self.progress = progress
        self.record = record
        self.result = result
        self.problem = problem
    }
}
