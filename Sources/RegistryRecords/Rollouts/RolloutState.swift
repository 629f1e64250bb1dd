/// Where a rollout is. All but the first are ends: an ended rollout never begins again.
public enum RolloutState: String, Codable, Sendable, CaseIterable {
    /// The release is live and watched.
    case probation
    /// It came through: a rollback may go back to it.
    case settled
    /// A trigger took it back, without a person.
    case returned
    /// A person took it back.
    case rolledBack
    /// A newer release came in before it settled.
    case superseded
    /// A person ended the watch and took it back.
    case aborted
}
