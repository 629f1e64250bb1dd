/// What checking the database file found.
public struct IntegrityReport: Hashable, Sendable {
    /// What SQLite says about its pages and indexes; empty when all is well.
    public let damage: [String]
    /// Rows that refer to rows that do not exist, one line each; empty when there are none.
    public let dangling: [String]
    /// The version of the SQLite library.
    public let sqliteVersion: String
    /// 2 when every commit is synced.
    public let synchronous: Int

    /// Whether nothing is wrong.
    public var isIntact: Bool { damage.isEmpty && dangling.isEmpty && synchronous == 2 }
}
