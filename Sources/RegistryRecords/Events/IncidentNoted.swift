public import RegistryTypes

/// A person wrote a note to an incident.
public struct IncidentNoted: Hashable, Sendable, Codable {
    /// The incident.
    public let id: IncidentID
    /// The note.
    public let text: String

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        text: String
    ) {
        self.id = id
        self.text = text
    }
}
