/// How often a yes-or-no question was asked and answered yes.
struct RateSummary: Hashable, Sendable {
    /// Requests that say yes.
    private(set) var yes = 0
    /// Requests that say yes or no.
    private(set) var count = 0
    /// Requests that should say and do not.
    private(set) var missing = 0

    init() {}

    /// A stored summary; nil when its parts contradict each other.
    init?(yes: Int, count: Int, missing: Int) {
        guard yes >= 0, yes <= count, missing >= 0 else { return nil }
        self.yes = yes
        self.count = count
        self.missing = missing
    }

    /// Adds a request; `times` is -1 to take one back.
    mutating func add(_ isYes: Bool, times: Int = 1) {
        yes = max(0, yes + (isYes ? times : 0))
        count = max(yes, count + times)
    }

    /// Adds a request that does not say.
    mutating func addMissing() { missing += 1 }

    /// Turns one no into a yes, or back.
    mutating func change(toYes: Bool) { yes = max(0, min(count, yes + (toYes ? 1 : -1))) }

    /// Adds the requests of another summary.
    mutating func merge(_ other: RateSummary) {
        yes += other.yes
        count += other.count
        missing += other.missing
    }

    /// Share that says yes; nil when nobody says.
    var share: Double? { count > 0 ? Double(yes) / Double(count) : nil }
}
