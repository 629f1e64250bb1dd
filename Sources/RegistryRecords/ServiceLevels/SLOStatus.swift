public import RegistryTypes
public import UserDocuments

/// Where one SLO of one model stands at one moment.
public struct SLOStatus: Hashable, Sendable, Codable {
    /// Whether the objective is reached over the window.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Enough events were good; for a sample: the whole interval is over the target.
        case met
        /// Too few were good; for a sample: the whole interval is under the target.
        case missed
        /// The target is inside the interval of the sample.
        case undecided
        /// There are no events, or fewer than the document asks for.
        case unknown
    }

    /// The SLO.
    public let slo: Name
    /// The model.
    public let model: Name
    /// The moment.
    public let time: Timestamp
    /// Until when events were counted; nil when there are none in the window.
    public let dataUntil: Timestamp?
    /// Whether the objective is reached.
    public let state: State
    /// The events of the whole window.
    public let counts: SLICounts
    /// The share of good events, in 0...1; nil without events.
    public let value: Double?
    /// The two-sided 95 % interval of a sampled share (Wilson, 1927): the two ends; nil for a full count.
    public let interval: [Double]?
    /// The share of the budget that is left: at most 1, under 0 when it is overspent; nil when the state is unknown.
    public let budgetLeft: Double?
    /// The burn rates of every window of the alerts and of the whole window, from the shortest on.
    public let burn: [BurnRate]
    /// The pairs of windows, in the order of the document.
    public let alerts: [AlertStatus]
    /// Whether events stopped coming; nil where that cannot be told.
    public let absence: AbsenceStatus?
    /// The burn rate that ``exhaustionSeconds`` goes on with; nil without events.
    public let pace: BurnRate?
    /// In how many seconds the budget is gone at that pace; 0 when it is gone, nil when it holds or is unknown.
    public let exhaustionSeconds: Double?
    /// What the budget policy says now; nil when nothing is asked for.
    public let action: BudgetRule.Action?
    /// By how many seconds the clock stands before the newest event; 0 as it should be.
    public let clockBehindSeconds: Double
    /// All of it in one sentence.
    public let sentence: String

    /// Makes the value from its fields.
    public init(
        slo: Name,
        model: Name,
        time: Timestamp,
        dataUntil: Timestamp?,
        state: State,
        counts: SLICounts,
        value: Double?,
        interval: [Double]?,
        budgetLeft: Double?,
        burn: [BurnRate],
        alerts: [AlertStatus],
        absence: AbsenceStatus?,
        pace: BurnRate?,
        exhaustionSeconds: Double?,
        action: BudgetRule.Action?,
        clockBehindSeconds: Double,
        sentence: String
    ) {
        self.slo = slo
        self.model = model
        self.time = time
        self.dataUntil = dataUntil
        self.state = state
        self.counts = counts
        self.value = value
        self.interval = interval
        self.budgetLeft = budgetLeft
        self.burn = burn
        self.alerts = alerts
        self.absence = absence
        self.pace = pace
        self.exhaustionSeconds = exhaustionSeconds
        self.action = action
        self.clockBehindSeconds = clockBehindSeconds
        self.sentence = sentence
    }

    /// The names of the alerts that stand; they are given to the next evaluation, so that silence changes nothing.
    public var firing: Set<Name> { Set(alerts.filter(\.isFiring).map(\.name)) }

    /// The worst of the alerts that stand; nil when none does.
    public var severity: BurnAlert.Severity? {
        let standing = alerts.filter(\.isFiring)
        if standing.contains(where: { $0.severity == .page }) { return .page }
        return standing.isEmpty && absence?.isFiring != true ? nil : .ticket
    }

    /// The budget as a policy looks at it.
    public var budgetFact: PolicyFacts.Budget {
        PolicyFacts.Budget(
            slo: slo,
            remaining: budgetLeft,
            time: dataUntil ?? time,
            problem: budgetLeft == nil ? sentence : nil
        )
    }
}
