public import RegistryTypes

/// Something that happened, for a chart.
public struct SLOMark: Hashable, Sendable, Codable {
    /// When.
    public let at: Timestamp
    /// What, such as `r3 promoted`.
    public let text: String
    /// `move`, `return`, `incident`.
    public let kind: String

    /// Makes the value from its fields.
    public init(at: Timestamp, text: String, kind: String) {
        self.at = at
        self.text = text
        self.kind = kind
    }
}
