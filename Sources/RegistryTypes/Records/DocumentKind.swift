/// The kinds of document that are applied by name.
public enum DocumentKind: String, Codable, Sendable, CaseIterable {
    /// What must hold before a channel moves.
    case policy
    /// What a canary compares, and by how much it may be worse.
    case canary
}
