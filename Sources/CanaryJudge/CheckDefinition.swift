public import UserDocuments

/// Which direction of a metric is degradation.
public enum Worse: String, Codable, Sendable, CaseIterable {
    /// More is worse: times, errors, cost.
    case higher
    /// Less is worse: accuracy, scores.
    case lower
}

/// One line of a canary's checks: a metric, the margin that it may be worse by, and how it takes part.
///
/// One definition can give several checks: a duration has a centre and, when asked for, a tail and a limit.
public struct CheckDefinition: Codable, Sendable, Hashable {
    /// How it is called in documents and reports, such as `answers correct`.
    public var name: String
    /// The metric whose samples are judged, such as `exact_match`.
    public var metric: String
    /// The kind of number, which decides the test.
    public var type: Metric.Kind
    /// Which direction is degradation.
    public var worse: Worse
    /// Accepted degradation, above 0. Durations and amounts: 0.05 = 5 %; binary: 0.01 = one point; score: its own unit.
    public var margin: Double
    /// Degradation too small to act on, in the same unit as ``margin``.
    public var tolerate = 0.0
    /// Duration: how many times slower a request must be to count as an outlier; nil = no tail check.
    public var tailFactor: Double?
    /// Accepted growth of the share of such requests, 0.01 = one point.
    public var tailMargin = 0.01
    /// Duration: the fixed limit in the metric's own unit; nil = no limit check.
    public var limit: Double?
    /// Accepted growth of the share of requests over ``limit``, 0.01 = one point.
    public var limitMargin = 0.01
    /// Shown, never deciding.
    public var watchOnly = false
    /// Held to the stricter chance of a wrong pass.
    public var critical = false
    /// Binary: this many requests that only the candidate got wrong fail the run at once; nil = no veto.
    public var vetoCount: Int?
    /// Binary: to pass, the candidate's own bad share must be proven below this; nil = not asked.
    public var rateLimit: Double?
    /// Binary: to pass, the share of requests that were good before and are bad now must be proven below this, whatever
    /// was mended beside; nil = not asked.
    public var newlyBadLimit: Double?
    /// Binary: use the exact test instead of mid-p when fewer than ten pairs disagree, as availability does.
    public var exactWhenFew = false
    /// Pairs it takes to judge; nil = as the policy says.
    public var minimumPairs: Int?
    /// Score: what its numbers are, so that sentences and tables say them alike.
    public var scale = Scale.own

    /// What the numbers of a score are.
    public enum Scale: String, Codable, Sendable {
        /// From 0 to 1: differences are points.
        case share
        /// Log-probabilities.
        case nats
        /// The metric's own.
        case own
    }

    /// A check with the defaults of the design; everything else is a property.
    public init(name: String, metric: String, type: Metric.Kind, worse: Worse, margin: Double) {
        self.name = name
        self.metric = metric
        self.type = type
        self.worse = worse
        self.margin = margin
    }

    /// A line of a canary document; durations and their limits are in seconds.
    public init(_ check: CanaryCheck) {
        self.init(
            name: check.name,
            metric: check.measure.identity,
            type: check.metric.kind,
            worse: check.metric.higherIsWorse ? .higher : .lower,
            margin: check.margin
        )
        tailFactor = check.slowerThan?.factor
        if let tail = check.slowerThan { tailMargin = tail.share }
        limit = check.over?.seconds
        if let over = check.over { limitMargin = over.share }
        watchOnly = check.isWatchOnly
        critical = check.isCritical
        exactWhenFew = check.metric == .availability
        scale = check.metric.isInNats ? .nats : check.metric.isShare ? .share : .own
        // The other kinds have minimums that depend on the aspect or on the skew, which only the judge sees.
        if check.metric.kind == .score || check.metric.hasOwnMinimum { minimumPairs = check.metric.minimumSamples }
    }
}
