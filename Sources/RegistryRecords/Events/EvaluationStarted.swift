public import Digests
public import RegistryTypes

/// An evaluation was asked for.
public struct EvaluationStarted: Hashable, Sendable, Codable {
    /// The evaluation.
    public let id: EvaluationID
    /// The release.
    public let release: ReleaseID
    /// The traffic set with the expected answers.
    public let suite: Name
    /// The digest of that set.
    public let suiteDigest: Digest
    /// The cases of that set.
    public let cases: Int

    /// Makes the value from its fields.
    public init(id: EvaluationID, release: ReleaseID, suite: Name, suiteDigest: Digest, cases: Int) {
        self.id = id
        self.release = release
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.cases = cases
    }
}

/// An evaluation ended without a result.
public struct EvaluationStopped: Hashable, Sendable, Codable {
    /// The evaluation.
    public let id: EvaluationID
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(id: EvaluationID, reason: String) {
        self.id = id
        self.reason = reason
    }
}
