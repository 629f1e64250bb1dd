/// What kind of move a channel made.
public enum MoveKind: String, Codable, Sendable, CaseIterable {
    /// The policy allowed it.
    case promoted
    /// A person overrode the policy; such a release never settles by itself.
    case overridden
    /// Back to the last settled release.
    case rolledBack
}
