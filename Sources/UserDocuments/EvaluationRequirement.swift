public import RegistryTypes

/// What an `evaluation` gate asks for.
public struct EvaluationRequirement: Hashable, Sendable, Codable {
    /// Which number of a score is compared.
    public enum Bound: String, Codable, Sendable, CaseIterable {
        /// The one-sided 95 % lower bound: the true rate is above it 19 times in 20.
        case lower95
        /// The rate found.
        case value
    }

    /// The suite.
    public let suite: Name
    /// The metric, a yes-or-no one.
    public let metric: Metric
    /// The least that is enough, in 0...1.
    public let atLeast: Double
    /// Which number must reach it.
    public let bound: Bound
    /// The fewest cases that count.
    public let minSamples: Int
    /// The oldest evidence that counts, in seconds; nil for any age.
    public let maxAgeSeconds: Double?

    /// A requirement of an evaluation.
    public init(
        suite: Name,
        metric: Metric,
        atLeast: Double,
        bound: Bound = .lower95,
        minSamples: Int = 1,
        maxAgeSeconds: Double? = nil
    ) {
        self.suite = suite
        self.metric = metric
        self.atLeast = atLeast
        self.bound = bound
        self.minSamples = minSamples
        self.maxAgeSeconds = maxAgeSeconds
    }
}
