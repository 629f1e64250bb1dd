/// What happens to a document.
public struct ApplyChange: Hashable, Sendable, Codable {
    /// `Policy`, `Canary` or `Prompt`.
    public let kind: String
    /// Its name.
    public let name: String
    /// What happens.
    public let action: Action
    /// The revision or version after the change.
    public let revision: Int
    /// What changes in it, a line each.
    public let details: [String]

    /// Makes the value from its fields.
    public init(kind: String, name: String, action: Action, revision: Int, details: [String]) {
        self.kind = kind
        self.name = name
        self.action = action
        self.revision = revision
        self.details = details
    }

    /// What happens to a document.
    public enum Action: String, Codable, Sendable {
        /// It is new.
        case created
        /// It replaces an older revision.
        case changed
        /// It is there already.
        case unchanged
    }
}
