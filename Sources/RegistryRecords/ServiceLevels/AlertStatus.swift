public import RegistryTypes
public import UserDocuments

/// Where one pair of windows of an SLO stands.
public struct AlertStatus: Hashable, Sendable, Codable {
    /// Whether it burns too fast.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// It burns too fast over both windows, and there is enough to show it.
        case firing
        /// It does not.
        case quiet
        /// A window has no events: it stays as it was, see ``AlertStatus/isFiring``.
        case unknown
    }

    /// Its name within the SLO.
    public let name: Name
    /// Who has to look.
    public let severity: BurnAlert.Severity
    /// Whether it burns too fast.
    public let state: State
    /// Whether it stands: it fires, or it fired before the events stopped.
    public let isFiring: Bool
    /// Enough was spent to matter.
    public let long: BurnRate
    /// It is still going on.
    public let short: BurnRate
    /// The burn rate that is too fast.
    public let threshold: Double
    /// Whether the threshold was lowered, because the one that was asked for could hardly be reached.
    public let isClamped: Bool
    /// The fewest bad events in the long window that fire it.
    public let minimumBad: Int
    /// The burn rate of the long window is at least this, with 95 % confidence; nil where it was not looked at.
    public let lowerBound: Double?

    /// Makes the value from its fields.
    public init(
        name: Name,
        severity: BurnAlert.Severity,
        state: State,
        isFiring: Bool,
        long: BurnRate,
        short: BurnRate,
        threshold: Double,
        isClamped: Bool,
        minimumBad: Int,
        lowerBound: Double?
    ) {
        self.name = name
        self.severity = severity
        self.state = state
        self.isFiring = isFiring
        self.long = long
        self.short = short
        self.threshold = threshold
        self.isClamped = isClamped
        self.minimumBad = minimumBad
        self.lowerBound = lowerBound
    }
}
