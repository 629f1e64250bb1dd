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

/// One day of captured requests.
public struct CaptureDay: Hashable, Sendable, Codable {
    /// The day in UTC, such as `2026-11-21`.
    public let day: String
    /// Requests on it.
    public let requests: Int
    /// Of those, the ones whose texts were kept.
    public let withTexts: Int
    /// Bytes of its files.
    public let bytes: Int64
    /// What is wrong with its files; nil when they can be read.
    public let problem: String?

    /// Makes the value from its fields.
    public init(day: String, requests: Int, withTexts: Int, bytes: Int64, problem: String? = nil) {
        self.day = day
        self.requests = requests
        self.withTexts = withTexts
        self.bytes = bytes
        self.problem = problem
    }
}
