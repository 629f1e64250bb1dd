public import RegistryRecords
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
    /// What it says: `burning` or `missing traffic`; nil when none fires.
    public let alertKind: String?
    /// How it stands in one sentence.
    public let sentence: String
    /// What is the matter, in few words; nil where nothing is.
    public let reason: String?

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
        alertKind: String? = nil,
        sentence: String,
        reason: String? = nil
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
        self.alertKind = alertKind
        self.sentence = sentence
        self.reason = reason
    }

    /// Whether nothing was counted and nothing is the matter: nobody need look.
    public var isIdle: Bool { valid == 0 && alert == nil && (state == .unknown || state == .off) }

    /// How urgent it is, the most urgent first: what pages, what is spent, what burns, what is missing, then what is
    /// known, what is not, and what is off.
    public var urgency: Int {
        if alert == "page" { return 0 }
        switch state {
        case .exhausted: return 1
        case .burning: return 2
        case .missingTraffic: return 3
        case .unknown: return isIdle ? 6 : 4
        case .met: return 5
        case .off: return 7
        }
    }

    /// How an SLO stands.
    public enum State: String, Codable, Sendable {
        /// Met, with budget left.
        case met
        /// Met so far, and its budget burns too fast.
        case burning
        /// The budget is gone.
        case exhausted
        /// Events used to come and stopped: it was met before, and how good it is now nobody knows.
        case missingTraffic
        /// There is too little data to say.
        case unknown
        /// Nobody has set the limit that it counts by.
        case off
    }
}

/// All about an SLO of a model.
public struct SLOView: Hashable, Sendable, Codable {
    /// How it stands.
    public let row: SLORow
    /// Its document.
    public let document: DocumentRecord
    /// What counts as a valid event, in words.
    public let validEvents: String
    /// What counts as a good one, in words.
    public let goodEvents: String
    /// The 95 % interval of the share of good events, lower and upper; empty when unknown.
    public let interval: [Double]
    /// The alerts.
    public let windows: [SLOWindowRow]
    /// The history over its window, oldest first, at most 120 points.
    public let points: [SLOPoint]
    /// Moves, returns and incidents in the window.
    public let marks: [SLOMark]
    /// By release.
    public let releases: [SLOReleaseRow]
    /// Its incidents, newest first, at most 20.
    public let incidents: [IncidentRow]
    /// Gates and triggers that read it, in words.
    public let usedBy: [String]
    /// What the budget policy does at the present budget, in words.
    public let budgetAction: String
    /// What the linter says of the document.
    public let warnings: [String]
    /// Until when its data are; nil when there are none.
    public let dataUntil: Timestamp?
    /// When this was read.
    public let at: Timestamp

    /// Makes the value from its fields.
    public init(
        row: SLORow,
        document: DocumentRecord,
        validEvents: String,
        goodEvents: String,
        interval: [Double],
        windows: [SLOWindowRow],
        points: [SLOPoint],
        marks: [SLOMark],
        releases: [SLOReleaseRow],
        incidents: [IncidentRow],
        usedBy: [String],
        budgetAction: String,
        warnings: [String],
        dataUntil: Timestamp? = nil,
        at: Timestamp
    ) {
        self.row = row
        self.document = document
        self.validEvents = validEvents
        self.goodEvents = goodEvents
        self.interval = interval
        self.windows = windows
        self.points = points
        self.marks = marks
        self.releases = releases
        self.incidents = incidents
        self.usedBy = usedBy
        self.budgetAction = budgetAction
        self.warnings = warnings
        self.dataUntil = dataUntil
        self.at = at
    }
}

/// A pair of windows of an SLO's alerts.
public struct SLOWindowRow: Hashable, Sendable, Codable {
    /// `page` or `ticket`.
    public let severity: String
    /// The long window.
    public let longSeconds: Double
    /// The short window.
    public let shortSeconds: Double
    /// The burn rate from which on it fires, after clamping.
    public let factor: Double
    /// The factor before clamping.
    public let publishedFactor: Double
    /// The burn rate over the long window; nil without data.
    public let burnLong: Double?
    /// The burn rate over the short window; nil without data.
    public let burnShort: Double?
    /// Valid events in the long window.
    public let validLong: Int
    /// Bad events in the long window.
    public let badLong: Int
    /// Bad events in the long window that are needed to fire.
    public let minimumBad: Int
    /// The 95 % lower bound of the long window's bad share; nil without data.
    public let lowerBound: Double?
    /// `firing`, `quiet`, or `unknown` (frozen without data).
    public let state: String
    /// The reason in words.
    public let why: String

    /// Makes the value from its fields.
    public init(
        severity: String,
        longSeconds: Double,
        shortSeconds: Double,
        factor: Double,
        publishedFactor: Double,
        burnLong: Double? = nil,
        burnShort: Double? = nil,
        validLong: Int,
        badLong: Int,
        minimumBad: Int,
        lowerBound: Double? = nil,
        state: String,
        why: String
    ) {
        self.severity = severity
        self.longSeconds = longSeconds
        self.shortSeconds = shortSeconds
        self.factor = factor
        self.publishedFactor = publishedFactor
        self.burnLong = burnLong
        self.burnShort = burnShort
        self.validLong = validLong
        self.badLong = badLong
        self.minimumBad = minimumBad
        self.lowerBound = lowerBound
        self.state = state
        self.why = why
    }
}

/// One stretch of an SLO's history.
public struct SLOPoint: Hashable, Sendable, Codable {
    /// Its start.
    public let start: Timestamp
    /// Its length.
    public let seconds: Double
    /// Valid events.
    public let valid: Int
    /// Bad events.
    public let bad: Int
    /// The budget left at its end; nil when unknown.
    public let budgetLeft: Double?

    /// Makes the value from its fields.
    public init(start: Timestamp, seconds: Double, valid: Int, bad: Int, budgetLeft: Double? = nil) {
        self.start = start
        self.seconds = seconds
        self.valid = valid
        self.bad = bad
        self.budgetLeft = budgetLeft
    }
}

/// Something that happened, for a chart.
public struct SLOMark: Hashable, Sendable, Codable {
    /// When.
    public let at: Timestamp
    /// What, such as `r3 promoted`.
    public let text: String
    /// `move`, `return`, `incident`.
    public let kind: String

    /// Makes the value from its fields.
    public init(at: Timestamp, text: String, kind: String) {
        self.at = at
        self.text = text
        self.kind = kind
    }
}

/// How much of an SLO's events one release had.
public struct SLOReleaseRow: Hashable, Sendable, Codable {
    /// The release.
    public let release: Int
    /// Why it answered.
    public let arm: String
    /// Valid events.
    public let valid: Int
    /// Bad events.
    public let bad: Int

    /// Makes the value from its fields.
    public init(release: Int, arm: String, valid: Int, bad: Int) {
        self.release = release
        self.arm = arm
        self.valid = valid
        self.bad = bad
    }
}
