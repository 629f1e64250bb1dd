public import RegistryRecords
public import RegistryTypes

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
