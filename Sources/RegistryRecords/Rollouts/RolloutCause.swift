public import RegistryTypes

/// Which trigger returned a release.
public struct RolloutCause: Hashable, Sendable, Codable {
    /// The kind of trigger.
    public let kind: Kind
    /// The service level that showed it; nil for an engine or a process that failed.
    public let indicator: Name?

    /// The kinds of triggers.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The error budget burned, and the release was the cause.
        case burn
        /// Bad events came more often than under the release before.
        case worseThanPrevious
        /// The engine failed too often.
        case engineFailures
        /// The server process ended twice while the release served.
        case crashes = "deaths"
    }

    /// Makes the value from its fields.
    public init(
        kind: Kind,
        indicator: Name? = nil
    ) {
        self.kind = kind
        self.indicator = indicator
    }
}
