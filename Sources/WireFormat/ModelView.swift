public import RegistryRecords
public import RegistryTypes

/// All about a model.
public struct ModelView: Hashable, Sendable, Codable {
    /// The model.
    public let name: Name
    /// Where its channels point, production first.
    public let channels: [ChannelView]
    /// Its versions, newest first.
    public let versions: [VersionRecord]
    /// Its releases, newest first.
    public let releases: [ReleaseRecord]
    /// Its newest canaries, at most 20.
    public let canaries: [CanaryRecord]
    /// Its newest evaluations, at most 50.
    public let evaluations: [EvaluationRecord]
    /// Its newest moves, at most 20.
    public let moves: [ChannelMove]

    /// Makes the value from its fields.
    public init(
        name: Name,
        channels: [ChannelView],
        versions: [VersionRecord],
        releases: [ReleaseRecord],
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord],
        moves: [ChannelMove]
    ) {
        self.name = name
        self.channels = channels
        self.versions = versions
        self.releases = releases
        self.canaries = canaries
        self.evaluations = evaluations
        self.moves = moves
    }
}
