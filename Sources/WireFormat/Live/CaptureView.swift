public import RegistryTypes

/// How the capture of requests stands.
public struct CaptureView: Hashable, Sendable, Codable {
    /// Requests offered since the server started.
    public let offered: Int
    /// Of those, the ones on disk.
    public let stored: Int
    /// Requests that were not stored, by reason (`queue full`, `disk full`, `error`).
    public let dropped: [String: Int]
    /// The days on disk, newest first.
    public let days: [CaptureDay]
    /// How many days are kept.
    public let keepDays: Int
    /// The version of the redaction rules.
    public let redactionVersion: Int
    /// When the newest stored request ended; nil when there is none.
    public let newest: Timestamp?

    /// Makes the value from its fields.
    public init(
        offered: Int,
        stored: Int,
        dropped: [String: Int],
        days: [CaptureDay],
        keepDays: Int,
        redactionVersion: Int,
        newest: Timestamp? = nil
    ) {
        self.offered = offered
        self.stored = stored
        self.dropped = dropped
        self.days = days
        self.keepDays = keepDays
        self.redactionVersion = redactionVersion
        self.newest = newest
    }
}
