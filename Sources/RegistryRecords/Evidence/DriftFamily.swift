/// What a signal of drift says something about. The order is the order of a report.
public enum DriftFamily: String, Codable, Sendable, CaseIterable {
    /// What users ask.
    case input
    /// What the model answers.
    case output
    /// How good the answers are.
    case quality
    /// How fast and how reliably they come.
    case operations
    /// Whether the measurements themselves can be believed: faults here mute the family they belong to.
    case capture
}
