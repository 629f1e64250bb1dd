public import RegistryTypes

/// The server learned more about an open incident.
public struct IncidentUpdated: Hashable, Sendable, Codable {
    /// The incident.
    public let id: IncidentID
    /// What happened.
    public let text: String
    /// The severity from now on; nil leaves it.
    public let severity: IncidentSeverity?
    /// The numbers as they are now; nil leaves them.
    public let facts: [String]?
    /// More requests that went wrong; the incident keeps the first 40.
    public let samples: [RequestID]

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        text: String,
        severity: IncidentSeverity? = nil,
        facts: [String]? = nil,
        samples: [RequestID] = []
    ) {
        self.id = id
        self.text = text
        self.severity = severity
        self.facts = facts
        self.samples = samples
    }
}
