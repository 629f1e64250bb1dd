public import RegistryTypes

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
