public import RegistryTypes

/// What `serin server check` found in a data folder.
public struct CheckReport: Hashable, Sendable, Codable {
    /// One thing that was checked.
    public struct Item: Hashable, Sendable, Codable {
        /// What was checked.
        public let name: String
        /// Whether it is as it should be.
        public let isClean: Bool
        /// What was found, in one line.
        public let detail: String
        /// What is wrong, one line each.
        public let problems: [String]
    }

    /// The items, in the order checked.
    public let items: [Item]
    /// Whether everything is as it should be.
    public var isClean: Bool { items.allSatisfy(\.isClean) }
}

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
    /// What differed before, row by row, a line each.
    public let differences: [String]
}

/// What `serin server log accept` took.
public struct LogAcceptance: Hashable, Sendable, Codable {
    /// The event that says so, with which the log goes on.
    public let event: Int
    /// The newest event that had been acknowledged.
    public let acknowledged: Int
    /// The last event that was found.
    public let found: Int
}

/// What `serin server key reset` made.
public struct KeyReset: Hashable, Sendable, Codable {
    /// The new key.
    public let key: Name
    /// Its secret, which is kept nowhere else.
    public let token: String
    /// The other keys of role admin, which still work.
    public let otherAdmins: [Name]
}
