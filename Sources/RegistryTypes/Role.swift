/// What a key may do. Each role may do all that the one before it may.
public enum Role: String, Codable, Sendable, CaseIterable, Comparable {
    /// Calls models.
    case caller
    /// Reads everything.
    case reader
    /// Publishes versions, prompts and traffic; runs evaluations and canaries.
    case publisher
    /// Promotes and rolls back.
    case deployer
    /// Writes policies, overrides them, and hands out keys.
    case admin

    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .caller: 0
        case .reader: 1
        case .publisher: 2
        case .deployer: 3
        case .admin: 4
        }
    }
}
