public import Digests

/// What dropping and replaying the projections changed: nothing, unless something was wrong.
public struct RebuildReport: Hashable, Sendable {
    /// One table before and after.
    public struct Table: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its rows afterwards.
        public let rows: Int
        /// The digest of its content before; nil when it was not there.
        public let before: Digest?
        /// The digest of its content afterwards.
        public let after: Digest

        /// Whether replaying gave the same bytes.
        public var isEqual: Bool { before == after }
    }

    /// Events that were replayed.
    public let events: Int
    /// The tables, by name.
    public let tables: [Table]

    /// Whether replaying gave the same bytes in every table.
    public var isEqual: Bool { tables.allSatisfy(\.isEqual) }
}
