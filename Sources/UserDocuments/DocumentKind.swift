/// The kinds of document that are applied by name.
public enum DocumentKind: String, Codable, Sendable, CaseIterable {
    /// What must hold before a channel moves.
    case policy
    /// What a canary compares, and by how much it may be worse.
    case canary
    /// What is counted of the live traffic, and how good it must be.
    case slo

    /// What a person calls it, such as `policy`.
    public var words: String {
        switch self {
        case .policy: "policy"
        case .canary: "canary document"
        case .slo: "SLO"
        }
    }

    /// The word of a document's `kind`, such as `Policy`.
    public var kindWord: String {
        switch self {
        case .policy: "Policy"
        case .canary: "Canary"
        case .slo: "SLO"
        }
    }
}
