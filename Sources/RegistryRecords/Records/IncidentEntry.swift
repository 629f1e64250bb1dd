public import RegistryTypes

/// One line of the timeline of an incident.
public struct IncidentEntry: Hashable, Sendable, Codable {
    /// The event.
    public let seq: Int
    /// The incident.
    public let incident: IncidentID
    /// What happened to the incident.
    public let kind: Kind
    /// What happened.
    public let text: String
    /// Who or what wrote it.
    public let by: String
    /// When.
    public let at: Timestamp

    /// What can happen to an incident.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// It was opened.
        case opened
        /// The server learned more.
        case updated
        /// A person wrote a note.
        case noted
        /// It is over.
        case closed
    }

    /// Makes the value from its fields.
    public init(
        seq: Int,
        incident: IncidentID,
        kind: Kind,
        text: String,
        by: String,
        at: Timestamp
    ) {
        self.seq = seq
        self.incident = incident
        self.kind = kind
        self.text = text
        self.by = by
        self.at = at
    }
}
