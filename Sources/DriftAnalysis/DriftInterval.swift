public import RegistryTypes

/// The summary of one stretch of time.
public struct DriftInterval: Sendable, Hashable {
    /// Where it starts.
    public let at: Timestamp
    /// Its length in seconds.
    public let seconds: Double
    /// Its requests.
    public let summary: DriftSummary

    /// Makes the value from its fields.
    public init(at: Timestamp, seconds: Double = 60, summary: DriftSummary) {
        self.at = at
        self.seconds = seconds
        self.summary = summary
    }

    /// Where it ends.
    public var end: Timestamp { at.adding(seconds: seconds) }
}
