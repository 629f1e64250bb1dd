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

/// Paired bars: how a signal was spread in the reference, and how it is now.
public struct DriftBars: Hashable, Sendable, Codable {
    /// One pair of bars.
    public struct Part: Hashable, Sendable, Codable {
        /// Its range, such as `12 to 19`, or its value, such as `de`.
        public let label: String
        /// Share of the reference.
        public let reference: Double
        /// Share of the window.
        public let current: Double

        /// Makes the value from its fields.
        public init(label: String, reference: Double, current: Double) {
            self.label = label
            self.reference = reference
            self.current = current
        }
    }

    /// The signal.
    public let signal: String
    /// What a person calls it.
    public let title: String
    /// The unit of the parts' labels; empty for a category.
    public let unit: String
    /// Ten equal parts of the reference (fewer with ties), or the 8 values of a category that moved most.
    public let parts: [Part]

    /// Makes the value from its fields.
    public init(
        signal: String,
        title: String,
        unit: String,
        parts: [Part]
    ) {
        self.signal = signal
        self.title = title
        self.unit = unit
        self.parts = parts
    }
}

/// The tenth of the window that is least like the reference, against the rest of it.
public struct DriftExplanation: Hashable, Sendable, Codable {
    /// One signal, in words.
    public struct Line: Hashable, Sendable, Codable {
        /// What a person calls it.
        public let title: String
        /// Over the tenth.
        public let unusual: String
        /// Over the rest.
        public let rest: String

        /// Makes the value from its fields.
        public init(title: String, unusual: String, rest: String) {
            self.title = title
            self.unusual = unusual
            self.rest = rest
        }
    }

    /// One request.
    public struct Example: Hashable, Sendable, Codable {
        /// The request.
        public let request: RequestID
        /// What was asked, redacted and shortened; nil when texts are not kept.
        public let input: String?

        /// Makes the value from its fields.
        public init(request: RequestID, input: String? = nil) {
            self.request = request
            self.input = input
        }
    }

    /// Requests in the tenth.
    public let requests: Int
    /// How well the discriminant tells the window from the reference: 0.5 not at all, 1 always. No test, an explanation.
    public let separation: Double
    /// The signals by which the tenth differs most from the rest.
    public let lines: [Line]
    /// The requests least like the reference, at most 5.
    public let examples: [Example]

    /// Makes the value from its fields.
    public init(
        requests: Int,
        separation: Double,
        lines: [Line],
        examples: [Example]
    ) {
        self.requests = requests
        self.separation = separation
        self.lines = lines
        self.examples = examples
    }
}

/// A part of the traffic and how much of the change it carries.
public struct DriftShare: Hashable, Sendable, Codable {
    /// What the traffic is parted by, such as `language` or `prompt`.
    public let dimension: String
    /// The part.
    public let value: String
    /// Its share of the reference.
    public let reference: Double
    /// Its share of the window.
    public let current: Double
    /// Its share of the chi-square of its dimension, 0 to 1.
    public let part: Double

    /// Makes the value from its fields.
    public init(
        dimension: String,
        value: String,
        reference: Double,
        current: Double,
        part: Double
    ) {
        self.dimension = dimension
        self.value = value
        self.reference = reference
        self.current = current
        self.part = part
    }
}
