public import RegistryTypes

/// An incident in a list.
public struct IncidentRow: Hashable, Sendable, Codable {
    /// Its number.
    public let id: IncidentID
    /// The model.
    public let model: Name
    /// What burned, such as `quality`.
    public let family: String
    /// `page` or `ticket`.
    public let severity: String
    /// What happened.
    public let title: String
    /// When it opened.
    public let openedAt: Timestamp
    /// When it closed; nil while it is open.
    public let closedAt: Timestamp?
    /// The release that answered.
    public let release: Int?

    /// Makes the value from its fields.
    public init(
        id: IncidentID,
        model: Name,
        family: String,
        severity: String,
        title: String,
        openedAt: Timestamp,
        closedAt: Timestamp? = nil,
        release: Int? = nil
    ) {
        self.id = id
        self.model = model
        self.family = family
        self.severity = severity
        self.title = title
        self.openedAt = openedAt
        self.closedAt = closedAt
        self.release = release
    }
}
