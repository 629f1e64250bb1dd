public import RegistryTypes

/// An incident is over.
public struct IncidentClosed: Hashable, Sendable, Codable {
    /// The incident.
    public let id: IncidentID
    /// Why, as the person said.
    public let reason: String

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        reason: String
    ) {
        self.id = id
        self.reason = reason
    }
}
