public import RegistryTypes

/// One thing that happened.
public struct TimelineRow: Hashable, Sendable, Codable {
    /// When.
    public let at: Timestamp
    /// Who did it, or `serin`.
    public let by: String
    /// What.
    public let text: String
    /// `opened`, `changed`, `note`, `move`, `closed`.
    public let kind: String
    /// The log entry; nil when it is none.
    public let event: Int?

    /// Makes the value from its fields.
    public init(at: Timestamp, by: String, text: String, kind: String, event: Int? = nil) {
        self.at = at
        self.by = by
        self.text = text
        self.kind = kind
        self.event = event
    }
}
