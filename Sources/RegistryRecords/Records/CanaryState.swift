/// How far a canary is.
public enum CanaryState: String, Codable, Sendable, CaseIterable {
    /// Waits for its turn, or runs; a restart takes it up again.
    case running
    /// Has a verdict.
    case judged
    /// Could not be finished; the summary says why.
    case stopped
}
