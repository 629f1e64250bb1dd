/// What is measured of requests and how it is called: the GenAI conventions of OpenTelemetry 1.41.0 (the last tagged
/// version) as Prometheus writes them, dots as underscores and the unit at the end. This is the only place with names.
public enum MetricTable {
    /// A histogram.
    public struct Histogram: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// What it says, in one line.
        public let help: String
        /// The upper bounds of its buckets, rising; one more takes what is above the last.
        public let bounds: [Double]
    }

    /// Seconds from the arrival of a request to its end.
    public static let duration = Histogram(
        name: "gen_ai_server_request_duration_seconds",
        help: "Seconds from the arrival of a request to its end.",
        bounds: (0..<14).map { 0.01 * Double(1 << $0) }
    )
    /// Seconds from the arrival of a request to its first token.
    public static let timeToFirstToken = Histogram(
        name: "gen_ai_server_time_to_first_token_seconds",
        help: "Seconds from the arrival of a request to its first token.",
        bounds: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
    )
    /// Mean seconds for each token of an answer after the first.
    public static let timePerOutputToken = Histogram(
        name: "gen_ai_server_time_per_output_token_seconds",
        help: "Mean seconds for each token of an answer after the first.",
        bounds: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5]
    )
    /// Tokens of a request, by type.
    public static let tokenUsage = Histogram(
        name: "gen_ai_client_token_usage",
        help: "Tokens of a request, by type: input or output.",
        bounds: (0..<14).map { Double(1 << (2 * $0)) }
    )
    /// Seconds that requests wait before anything is computed for them. A name of our own: the conventions have none.
    public static let queueDuration = Histogram(
        name: "serin_queue_duration_seconds",
        help: "Seconds from the arrival of a request to the start of its work.",
        bounds: [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
    )

    /// The label of the model that was asked for.
    public static let model = "gen_ai_request_model"
    /// The label of the version that answered.
    public static let version = "gen_ai_response_model"
    /// The label of the kind of tokens.
    public static let tokenType = "gen_ai_token_type"
    /// The label of the prompt version.
    public static let prompt = "serin_prompt"
    /// The label of the arm.
    public static let arm = "serin_arm"
    /// The label of what became of requests.
    public static let outcome = "serin_outcome"
    /// The label of the class of the status: 2xx, 4xx or 5xx.
    public static let status = "status_class"
}
