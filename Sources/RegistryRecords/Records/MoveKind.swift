/// What kind of move a channel made.
public enum MoveKind: String, Codable, Sendable, CaseIterable {
    /// The policy allowed it.
    case promoted
    /// A person overrode the policy; such a release settles by its probation, and never without one.
    case overridden
    /// A person took the channel back to the last settled release.
    case rolledBack
    /// A trigger took the channel back to the last settled release.
    case returned
}
