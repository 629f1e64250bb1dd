import Foundation

/// One line of a canary: a metric, and by how much it may be worse.
public struct CanaryCheck: Hashable, Sendable, Codable {
    /// How many requests may get much slower than before, each compared with itself.
    public struct Tail: Hashable, Sendable, Codable {
        /// A request counts as much slower when its time grew by more than this factor; over 1.
        public let factor: Double
        /// The share of the requests that may, in 0...1.
        public let share: Double

        /// At most `share` of the requests may get slower by more than `factor`.
        public init(factor: Double, share: Double) {
            self.factor = factor
            self.share = share
        }
    }

    /// How many more requests may take longer than a fixed time.
    public struct Limit: Hashable, Sendable, Codable {
        /// The time, in seconds.
        public let seconds: Double
        /// By how much the share of the requests over it may grow, in 0...1.
        public let share: Double

        /// At most `share` more of the requests may take longer than `seconds`.
        public init(seconds: Double, share: Double) {
            self.seconds = seconds
            self.share = share
        }
    }

    /// The name a person gave it, such as `answers correct`.
    public let name: String
    /// What is compared.
    public let metric: Metric
    /// The degradation that is allowed, over 0: a share for yes-or-no metrics (0.02 is 2 points), a relative growth for
    /// durations and amounts (0.1 is 10 %), nats per token for log-probabilities.
    public let margin: Double
    /// How many requests may get much slower; nil when this is not asked. Only for durations.
    public let slowerThan: Tail?
    /// How many more requests may go over a fixed time; nil when this is not asked. Only for durations.
    public let over: Limit?
    /// Whether wrongly passing it is held to 1 % instead of the document's `wronglyPass`.
    public let isCritical: Bool
    /// Whether the check is shown and decides nothing.
    public let isWatchOnly: Bool

    /// A check of a canary.
    public init(
        name: String,
        metric: Metric,
        margin: Double,
        slowerThan: Tail? = nil,
        over: Limit? = nil,
        isCritical: Bool = false,
        isWatchOnly: Bool = false
    ) {
        self.name = name
        self.metric = metric
        self.margin = margin
        self.slowerThan = slowerThan
        self.over = over
        self.isCritical = isCritical
        self.isWatchOnly = isWatchOnly
    }

    private enum CodingKeys: String, CodingKey {
        case name, metric, margin, slowerThan, over
        case isCritical = "critical"
        case isWatchOnly = "watchOnly"
    }
}
