public import RegistryTypes

/// An SLO of a model in a channel, with how it stands.
public struct SLORow: Hashable, Sendable, Codable {
    /// The SLO.
    public let name: Name
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// What is measured, such as `totalLatency`.
    public let indicator: String
    /// The objective in words, such as `99.9 % of requests answered, 30 days`.
    public let objective: String
    /// The share of good events that is wanted, in 0..<1.
    public let target: Double
    /// How it stands.
    public let state: State
    /// The share of good events in the window; nil when unknown.
    public let sli: Double?
    /// The share of the error budget that is left; below 0 when overspent, nil when unknown.
    public let budgetLeft: Double?
    /// Valid events in the window.
    public let valid: Int
    /// Bad events in the window.
    public let bad: Int
    /// The burn rate of the fastest pair's long window.
    public let burnFast: Double?
    /// When the budget is gone at the present pace; nil when never or unknown.
    public let exhaustedInSeconds: Double?
    /// The severest alert that fires, `page` or `ticket`; nil when none.
    public let alert: String?
    /// How it stands in one sentence.
    public let sentence: String

    /// Makes the value from its fields.
    public init(
        name: Name,
        model: Name,
        channel: Name,
        indicator: String,
        objective: String,
        target: Double,
        state: State,
        sli: Double? = nil,
        budgetLeft: Double? = nil,
        valid: Int,
        bad: Int,
        burnFast: Double? = nil,
        exhaustedInSeconds: Double? = nil,
        alert: String? = nil,
        sentence: String
    ) {
        self.name = name
        self.model = model
        self.channel = channel
        self.indicator = indicator
        self.objective = objective
        self.target = target
        self.state = state
        self.sli = sli
        self.budgetLeft = budgetLeft
        self.valid = valid
        self.bad = bad
        self.burnFast = burnFast
        self.exhaustedInSeconds = exhaustedInSeconds
        self.alert = alert
        self.sentence = sentence
    }

    /// How an SLO stands.
    public enum State: String, Codable, Sendable {
        /// Met, with budget left.
        case met
        /// Met so far, and an alert fires.
        case burning
        /// The budget is gone.
        case exhausted
        /// There is too little data to say.
        case unknown
    }
}
