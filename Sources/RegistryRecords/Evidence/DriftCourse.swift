public import RegistryTypes

/// How the leading signal went over time.
public struct DriftCourse: Hashable, Sendable, Codable {
    /// The signal over one stretch of time.
    public struct Point: Hashable, Sendable, Codable {
        /// Where the stretch starts.
        public let at: Timestamp
        /// Its length in seconds.
        public let seconds: Double
        /// Requests that have the signal.
        public let requests: Int
        /// The value.
        public let value: Double

        /// Makes the value from its fields.
        public init(at: Timestamp, seconds: Double, requests: Int, value: Double) {
            self.at = at
            self.seconds = seconds
            self.requests = requests
            self.value = value
        }
    }

    /// The signal.
    public let signal: String
    /// What a person calls it.
    public let title: String
    /// The unit of the values, such as `tokens` or `%`; empty when they have none.
    public let unit: String
    /// What each point is, such as `mean` or `share of de`.
    public let what: String
    /// Lower end of the band that 90 % of such points of the reference lie in.
    public let bandLower: Double
    /// Upper end of it.
    public let bandUpper: Double
    /// In the order of time; stretches without requests have none.
    public let points: [Point]

    /// Makes the value from its fields.
    public init(
        signal: String,
        title: String,
        unit: String,
        what: String,
        bandLower: Double,
        bandUpper: Double,
        points: [Point]
    ) {
        self.signal = signal
        self.title = title
        self.unit = unit
        self.what = what
        self.bandLower = bandLower
        self.bandUpper = bandUpper
        self.points = points
    }
}
