public import RegistryRecords
public import RegistryTypes

/// What a watch found, for the log and for an incident.
public struct RolloutReport: Hashable, Sendable {
    /// The trigger that returns the release; nil when it settles or stays.
    public let cause: RolloutCause?
    /// What is known of a burn that does not return the release.
    public let burn: BurnCause?
    /// The family of the incident.
    public let family: IncidentFamily
    /// How soon somebody must look.
    public let severity: IncidentSeverity
    /// What happened, in a few words.
    public let title: String
    /// The numbers and the sentence.
    public let result: RolloutResult
    /// Bad requests of the release, at most 40.
    public let samples: [RequestID]

    /// Makes the value from its fields.
    public init(
        cause: RolloutCause? = nil,
        burn: BurnCause? = nil,
        family: IncidentFamily,
        severity: IncidentSeverity = .page,
        title: String,
        result: RolloutResult,
        samples: [RequestID] = []
    ) {
        self.cause = cause
        self.burn = burn
        self.family = family
        self.severity = severity
        self.title = title
        self.result = result
        self.samples = samples
    }
}
