/// What `serin server rebuild` did.
public struct RebuildSummary: Hashable, Sendable, Codable {
    /// Events replayed.
    public let events: Int
    /// Rows in all tables afterwards.
    public let rows: Int
    /// Whether the tables are what they were, byte for byte.
    public let isEqual: Bool
    /// The tables that are not.
    public let changedTables: [String]
}
