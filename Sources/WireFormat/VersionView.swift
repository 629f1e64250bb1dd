public import RegistryRecords

/// All about a version.
public struct VersionView: Hashable, Sendable, Codable {
    /// The version.
    public let version: VersionRecord
    /// Its card as written; nil without one.
    public let cardText: String?
    /// The version before it.
    public let previous: VersionRecord?
    /// The releases made of it.
    public let releases: [ReleaseRecord]
    /// The channels that point to one of them.
    public let channels: [ChannelRecord]
    /// Canaries with one of them as candidate.
    public let canaries: [CanaryRecord]
    /// Evaluations of one of them.
    public let evaluations: [EvaluationRecord]
    /// What the policy of production says now; nil when no release can be made of it.
    public let decision: Decision?

    /// Makes the value from its fields.
    public init(
        version: VersionRecord,
        cardText: String? = nil,
        previous: VersionRecord? = nil,
        releases: [ReleaseRecord],
        channels: [ChannelRecord],
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord],
        decision: Decision? = nil
    ) {
        self.version = version
        self.cardText = cardText
        self.previous = previous
        self.releases = releases
        self.channels = channels
        self.canaries = canaries
        self.evaluations = evaluations
        self.decision = decision
    }
}
