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
