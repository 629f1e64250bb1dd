/// What an incident is about; a model has at most one open incident of each.
public enum IncidentFamily: String, Codable, Sendable, CaseIterable {
    /// Requests without an answer.
    case availability
    /// Wrong answers.
    case quality
    /// Late answers.
    case latency
    /// The engine, or the process, failed.
    case engine
    /// The traffic or the answers moved away from what they were.
    case drift
}
