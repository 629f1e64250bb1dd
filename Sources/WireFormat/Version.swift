public import RegistryRecords
public import RegistryTypes

/// Publishes a version whose blobs are there.
public struct PublishRequest: Hashable, Sendable, Codable {
    /// Its files and lineage.
    public let manifest: Manifest
    /// What the publisher says.
    public let message: String?
    /// The number it must get; another number is a conflict.
    public let expectedVersion: Int?
    /// Check everything, store nothing.
    public let dryRun: Bool?

    /// Makes the value from its fields.
    public init(manifest: Manifest, message: String? = nil, expectedVersion: Int? = nil, dryRun: Bool? = nil) {
        self.manifest = manifest
        self.message = message
        self.expectedVersion = expectedVersion
        self.dryRun = dryRun
    }
}

/// A published version.
public struct PublishAnswer: Hashable, Sendable, Codable {
    /// The version.
    public let version: VersionRecord
    /// False when the same content was published before.
    public let created: Bool
    /// The version before it, to compare sizes.
    public let previous: VersionRecord?

    /// Makes the value from its fields.
    public init(version: VersionRecord, created: Bool, previous: VersionRecord? = nil) {
        self.version = version
        self.created = created
        self.previous = previous
    }
}

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
    /// What its model file says of itself; nil without one, and where it cannot be read.
    public let inspection: InspectedModel?

    /// Makes the value from its fields.
    public init(
        version: VersionRecord,
        cardText: String? = nil,
        previous: VersionRecord? = nil,
        releases: [ReleaseRecord],
        channels: [ChannelRecord],
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord],
        decision: Decision? = nil,
        inspection: InspectedModel? = nil
    ) {
        self.version = version
        self.cardText = cardText
        self.previous = previous
        self.releases = releases
        self.channels = channels
        self.canaries = canaries
        self.evaluations = evaluations
        self.decision = decision
        self.inspection = inspection
    }
}
