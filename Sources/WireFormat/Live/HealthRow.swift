public import RegistryTypes

/// How a channel does now.
public struct HealthRow: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release it points to.
    public let release: Int
    /// How it does.
    public let state: State
    /// The state in words.
    public let words: String
    /// Requests a second over the last minute; nil without any.
    public let requestsPerSecond: Double?
    /// The share of failed requests over the last 5 minutes; nil without any.
    public let errorShare: Double?
    /// The median total time over the last 5 minutes; nil without any.
    public let p50Seconds: Double?
    /// The 95 % quantile of the total time over the last 5 minutes.
    public let p95Seconds: Double?
    /// The 95 % quantile by minute over the last 30 minutes, oldest first.
    public let p95History: [Double?]
    /// Requests by minute over the last 30 minutes, oldest first.
    public let requestHistory: [Int]
    /// The least budget left of its SLOs; nil when all are unknown.
    public let budgetLeft: Double?
    /// The SLO with the least budget.
    public let budgetSLO: Name?
    /// The highest burn rate of a fast pair's long window.
    public let burnFast: Double?
    /// The rollout that is being watched.
    public let rollout: RolloutRow?
    /// The hold on it.
    public let hold: HoldRow?
    /// When its newest counted request ended; nil when there was none.
    public let dataUntil: Timestamp?

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        release: Int,
        state: State,
        words: String,
        requestsPerSecond: Double? = nil,
        errorShare: Double? = nil,
        p50Seconds: Double? = nil,
        p95Seconds: Double? = nil,
        p95History: [Double?],
        requestHistory: [Int],
        budgetLeft: Double? = nil,
        budgetSLO: Name? = nil,
        burnFast: Double? = nil,
        rollout: RolloutRow? = nil,
        hold: HoldRow? = nil,
        dataUntil: Timestamp? = nil
    ) {
        self.model = model
        self.channel = channel
        self.release = release
        self.state = state
        self.words = words
        self.requestsPerSecond = requestsPerSecond
        self.errorShare = errorShare
        self.p50Seconds = p50Seconds
        self.p95Seconds = p95Seconds
        self.p95History = p95History
        self.requestHistory = requestHistory
        self.budgetLeft = budgetLeft
        self.budgetSLO = budgetSLO
        self.burnFast = burnFast
        self.rollout = rollout
        self.hold = hold
        self.dataUntil = dataUntil
    }

    /// How a channel does.
    public enum State: String, Codable, Sendable {
        /// Its SLOs are met.
        case healthy
        /// A release is in its probation.
        case watching
        /// An alert fires.
        case burning
        /// A page-severity alert fires, or the release cannot answer.
        case failing
        /// There is no traffic to say.
        case unknown
    }
}
