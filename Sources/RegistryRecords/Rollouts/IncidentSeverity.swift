/// How soon somebody must look.
public enum IncidentSeverity: String, Codable, Sendable, CaseIterable {
    /// Now.
    case page
    /// On the next working day.
    case ticket
}
