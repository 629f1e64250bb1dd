/// What an operation asks of a key. Every route names its operation; a route without one cannot be registered.
public enum Permission: String, Codable, Sendable, CaseIterable {
    /// Anybody, without a key: the login page, the style sheet, liveness.
    case anyone
    /// Call a model.
    case call
    /// Read what the registry holds.
    case read
    /// Publish versions, prompts and traffic; run evaluations and canaries.
    case publish
    /// Move a channel within its policy, and back.
    case deploy
    /// Change policies and keys, or move a channel against its policy.
    case administer

    /// The least role that has this permission; nil when no key is needed.
    public var minRole: Role? {
        switch self {
        case .anyone: nil
        case .call: .caller
        case .read: .reader
        case .publish: .publisher
        case .deploy: .deployer
        case .administer: .admin
        }
    }

    /// Whether a key with `role` (nil: no key) has this permission.
    public func isGranted(to role: Role?) -> Bool {
        guard let minRole else { return true }
        return role.map { $0 >= minRole } ?? false
    }
}

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
