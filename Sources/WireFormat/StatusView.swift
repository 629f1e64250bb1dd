public import RegistryRecords
public import RegistryTypes

/// What is live, what runs and what moved last.
public struct StatusView: Hashable, Sendable, Codable {
    /// The models.
    public let models: [ModelSummary]
    /// The releases that channels point to.
    public let releases: [ReleaseRecord]
    /// Canaries that run, with their progress.
    public let running: [CanaryView]
    /// The newest moves, at most 10.
    public let moves: [ChannelMove]
    /// Versions the server will not load.
    public let quarantined: [VersionRecord]
    /// How every channel does.
    public let health: [HealthRow]
    /// The open incidents, newest first.
    public let incidents: [IncidentRow]
    /// The number of the newest event.
    public let head: Int
    /// When this was read.
    public let at: Timestamp
    /// The build of the server.
    public let build: String

    /// Makes the value from its fields.
    public init(
        models: [ModelSummary],
        releases: [ReleaseRecord],
        running: [CanaryView],
        moves: [ChannelMove],
        quarantined: [VersionRecord],
        health: [HealthRow] = [],
        incidents: [IncidentRow] = [],
        head: Int,
        at: Timestamp,
        build: String
    ) {
        self.models = models
        self.releases = releases
        self.running = running
        self.moves = moves
        self.quarantined = quarantined
        self.health = health
        self.incidents = incidents
        self.head = head
        self.at = at
        self.build = build
    }
}
