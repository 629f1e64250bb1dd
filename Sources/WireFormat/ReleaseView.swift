public import RegistryRecords

/// All about a release.
public struct ReleaseView: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseRecord
    /// The version it ships.
    public let version: VersionRecord
    /// The prompt it ships.
    public let prompt: PromptRecord
    /// When channels moved to it or away from it.
    public let moves: [ChannelMove]
    /// What was decided about it.
    public let decisions: [DecisionSummary]
    /// Canaries it took part in.
    public let canaries: [CanaryRecord]
    /// How it was evaluated.
    public let evaluations: [EvaluationRecord]

    /// Makes the value from its fields.
    public init(
        release: ReleaseRecord,
        version: VersionRecord,
        prompt: PromptRecord,
        moves: [ChannelMove],
        decisions: [DecisionSummary],
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord]
    ) {
        self.release = release
        self.version = version
        self.prompt = prompt
        self.moves = moves
        self.decisions = decisions
        self.canaries = canaries
        self.evaluations = evaluations
    }
}
