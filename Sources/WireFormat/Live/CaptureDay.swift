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
