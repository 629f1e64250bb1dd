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
        /// Nobody has set the limit that it counts by: nothing is counted.
        case off
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
    /// The share of the budget that is left: at most 1, under 0 when it is overspent; nil when the state is unknown, and
    /// of a sample that cannot tell.
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
    /// What is the matter, in few words; nil where nothing is.
    public let reason: String?
    /// That an alert is of keys that the others contradict, and so pages nobody; nil where none is.
    public let oddKeys: String?

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
        sentence: String,
        reason: String? = nil,
        oddKeys: String? = nil
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
        self.reason = reason
        self.oddKeys = oddKeys
    }

    /// The names of the alerts that stand; they are given to the next evaluation, so that silence changes nothing.
    public var firing: Set<Name> { Set(alerts.filter(\.isFiring).map(\.name)) }

    /// What stands: a budget that burns before traffic that is missing; nil when nothing does.
    public var alertKind: AlertKind? {
        if alerts.contains(where: \.isFiring) { return .burning }
        return absence?.isFiring == true ? .missingTraffic : nil
    }

    /// The worst of the alerts that stand; nil when none does. Missing traffic is a ticket: unknown pages nobody.
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

/// What an alert of an SLO says.
public enum AlertKind: String, Codable, Sendable, CaseIterable {
    /// The error budget burns too fast.
    case burning
    /// Events used to come and stopped: how good the service is, nobody knows. Nothing burns.
    case missingTraffic = "missing traffic"
}

/// Where one pair of windows of an SLO stands.
public struct AlertStatus: Hashable, Sendable, Codable {
    /// Whether it burns too fast.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// It burns too fast over both windows, and there is enough to show it.
        case firing
        /// It does not.
        case quiet
        /// A window has no events: see ``AlertStatus/isFiring``.
        case unknown
    }

    /// Its name within the SLO.
    public let name: Name
    /// Who has to look: nobody now where what one key asks makes it fire, and the others contradict that.
    public let severity: BurnAlert.Severity
    /// Whether it burns too fast.
    public let state: State
    /// Whether it stands: it fires, or it fired before the short window fell silent. Once the long one is silent too,
    /// nothing is known, and it no longer stands.
    public let isFiring: Bool
    /// Enough was spent to matter.
    public let long: BurnRate
    /// It is still going on.
    public let short: BurnRate
    /// The burn rate that is too fast.
    public let threshold: Double
    /// Whether the threshold was lowered, because the one that was asked for could hardly be reached.
    public let isClamped: Bool
    /// The fewest bad events in the long window that fire it.
    public let minimumBad: Int
    /// The burn rate of the long window is at least this, with 95 % confidence; nil where it was not looked at.
    public let lowerBound: Double?

    /// Makes the value from its fields.
    public init(
        name: Name,
        severity: BurnAlert.Severity,
        state: State,
        isFiring: Bool,
        long: BurnRate,
        short: BurnRate,
        threshold: Double,
        isClamped: Bool,
        minimumBad: Int,
        lowerBound: Double?
    ) {
        self.name = name
        self.severity = severity
        self.state = state
        self.isFiring = isFiring
        self.long = long
        self.short = short
        self.threshold = threshold
        self.isClamped = isClamped
        self.minimumBad = minimumBad
        self.lowerBound = lowerBound
    }
}

/// Whether events stopped coming where they used to come.
public struct AbsenceStatus: Hashable, Sendable, Codable {
    /// After how many seconds without an event it fires.
    public let afterSeconds: Double
    /// For how many seconds no event came.
    public let quietSeconds: Double
    /// Whether somebody should look; always a ticket.
    public let isFiring: Bool

    /// Silence of `quietSeconds` where `afterSeconds` are too long.
    public init(afterSeconds: Double, quietSeconds: Double) {
        self.afterSeconds = afterSeconds
        self.quietSeconds = quietSeconds
        isFiring = quietSeconds > afterSeconds
    }
}

/// How fast the error budget burned over the last seconds.
public struct BurnRate: Hashable, Sendable, Codable {
    /// The window, in seconds.
    public let seconds: Int
    /// The events in it.
    public let counts: SLICounts
    /// The share of bad events as a multiple of the share that may be bad; nil without events.
    public let rate: Double?

    /// The rate over `seconds`, for an SLO of which the share `budget` may be bad.
    public init(seconds: Int, counts: SLICounts, budget: Double) {
        self.seconds = seconds
        self.counts = counts
        rate = counts.badShare.map { $0 / budget }
    }
}

/// What one release had to do with the events of an SLO's window.
public struct BudgetSpender: Hashable, Sendable, Codable {
    /// The number of the release.
    public let release: Int
    /// Its events in the window.
    public let counts: SLICounts
    /// The share of the whole budget that its bad events spent, over 1 when it spent more than all.
    public let budgetSpent: Double

    /// What a release spent.
    public init(release: Int, counts: SLICounts, budgetSpent: Double) {
        self.release = release
        self.counts = counts
        self.budgetSpent = budgetSpent
    }
}

/// One step of the history of an SLO, for the panels of its page.
public struct SLOHistoryPoint: Hashable, Sendable, Codable {
    /// The end of the step.
    public let time: Timestamp
    /// The events of the step.
    public let counts: SLICounts
    /// The share of good events of the step, in 0...1; nil without events.
    public let share: Double?
    /// The burn rate of the step; nil without events.
    public let burn: Double?
    /// The share of good events over the rolling window that ends here; nil without events.
    public let windowShare: Double?
    /// The share of the budget that was left here; nil where it is unknown.
    public let budgetLeft: Double?

    /// Makes the value from its fields.
    public init(
        time: Timestamp,
        counts: SLICounts,
        share: Double?,
        burn: Double?,
        windowShare: Double?,
        budgetLeft: Double?
    ) {
        self.time = time
        self.counts = counts
        self.share = share
        self.burn = burn
        self.windowShare = windowShare
        self.budgetLeft = budgetLeft
    }
}
