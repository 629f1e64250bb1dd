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
