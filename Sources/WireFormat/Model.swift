public import RegistryRecords
public import RegistryTypes

/// A model in a list.
public struct ModelSummary: Hashable, Sendable, Codable {
    /// The model.
    public let name: Name
    /// Its newest version.
    public let latest: VersionRecord?
    /// How many versions it has.
    public let versions: Int
    /// Where its channels point.
    public let channels: [ChannelRecord]
    /// Its newest canary.
    public let lastCanary: CanaryRecord?
    /// What it is called where it comes from.
    public let displayName: DisplayName?
    /// The newest canary of each release that is live in a channel, where it has one.
    public let liveCanaries: [CanaryRecord]?

    /// Makes the value from its fields.
    public init(
        name: Name,
        latest: VersionRecord? = nil,
        versions: Int,
        channels: [ChannelRecord],
        lastCanary: CanaryRecord? = nil,
        displayName: DisplayName? = nil,
        liveCanaries: [CanaryRecord]? = nil
    ) {
        self.name = name
        self.latest = latest
        self.versions = versions
        self.channels = channels
        self.lastCanary = lastCanary
        self.displayName = displayName
        self.liveCanaries = liveCanaries
    }

    /// The newest canary of the release that a channel points to; nil when it has none.
    public func canary(of channel: ChannelRecord) -> CanaryRecord? {
        liveCanaries?.first { $0.candidate == ReleaseID(channel.model, channel.release) }
    }
}

/// All about a model.
public struct ModelView: Hashable, Sendable, Codable {
    /// The model.
    public let name: Name
    /// Where its channels point, production first.
    public let channels: [ChannelView]
    /// A part of its versions, newest first: the others are at the address of its versions.
    public let versions: [VersionRecord]
    /// A part of its releases, newest first: the others are at the address of its releases.
    public let releases: [ReleaseRecord]
    /// How many versions it has; nil from an older server, which sends all.
    public let versionCount: Int?
    /// How many releases it has; nil from an older server, which sends all.
    public let releaseCount: Int?
    /// The versions that `releases` ship and `versions` does not hold.
    public let otherVersions: [VersionRecord]?
    /// Its newest canaries, at most 20.
    public let canaries: [CanaryRecord]
    /// Its newest evaluations, at most 50.
    public let evaluations: [EvaluationRecord]
    /// Its newest moves, at most 20.
    public let moves: [ChannelMove]
    /// What it is called where it comes from.
    public let displayName: DisplayName?

    /// Makes the value from its fields.
    public init(
        name: Name,
        channels: [ChannelView],
        versions: [VersionRecord],
        releases: [ReleaseRecord],
        versionCount: Int? = nil,
        releaseCount: Int? = nil,
        otherVersions: [VersionRecord]? = nil,
        canaries: [CanaryRecord],
        evaluations: [EvaluationRecord],
        moves: [ChannelMove],
        displayName: DisplayName? = nil
    ) {
        self.versionCount = versionCount
        self.releaseCount = releaseCount
        self.otherVersions = otherVersions
        self.name = name
        self.channels = channels
        self.versions = versions
        self.releases = releases
        self.canaries = canaries
        self.evaluations = evaluations
        self.moves = moves
        self.displayName = displayName
    }
}
