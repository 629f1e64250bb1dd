/// How much worse answers may get before somebody is told at once. Margins, not significance, decide degradation.
public struct DriftMargins: Hashable, Sendable {
    /// Points of correct answers lost, as a share.
    public let correct: Double
    /// Points of thumbs up lost.
    public let liked: Double
    /// Points of valid structured answers lost.
    public let jsonValid: Double
    /// Points of errors gained.
    public let errors: Double
    /// Logarithm of the ratio of latencies.
    public let latency: Double

    /// Margins; the defaults hold unless a service level says otherwise.
    public init(
        correct: Double = 0.05,
        liked: Double = 0.1,
        jsonValid: Double = 0.02,
        errors: Double = 0.02,
        latency: Double = 0.262_364_264_467_491  // ln 1.3
    ) {
        self.correct = correct
        self.liked = liked
        self.jsonValid = jsonValid
        self.errors = errors
        self.latency = latency
    }
}
