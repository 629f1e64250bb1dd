/// What one check of a canary would need, told before the run: from the noise that an earlier run measured.
public struct PlannedCheck: Hashable, Sendable, Codable {
    /// Its name among others of the same metric.
    public let title: String
    /// The metric.
    public let metric: String
    /// Which aspect of the metric, as in a result.
    public let aspect: String
    /// The unit of `margin` and `detectable`.
    public let unit: CheckResult.Unit
    /// The degradation that is allowed.
    public let margin: Double
    /// Whether wrongly passing is held to the stricter level.
    public let critical: Bool
    /// Whether it is only shown and never decides.
    public let watchOnly: Bool
    /// Pairs below which it decides nothing.
    public let minimum: Int
    /// Requests with which it probably passes a candidate that is no worse; nil where its noise is not known, or no number
    /// would do.
    public let requestsNeeded: Int?
    /// The smallest degradation that a run of the planned size could rule out with 80 % power; nil where its noise is not
    /// known.
    public let detectable: Double?

    /// Makes the value from its fields.
    public init(
        title: String,
        metric: String,
        aspect: String,
        unit: CheckResult.Unit,
        margin: Double,
        critical: Bool,
        watchOnly: Bool,
        minimum: Int,
        requestsNeeded: Int?,
        detectable: Double?
    ) {
        self.title = title
        self.metric = metric
        self.aspect = aspect
        self.unit = unit
        self.margin = margin
        self.critical = critical
        self.watchOnly = watchOnly
        self.minimum = minimum
        self.requestsNeeded = requestsNeeded
        self.detectable = detectable
    }
}

extension [PlannedCheck] {
    /// Requests with which every deciding check probably passes a candidate that is no worse; nil where that of one is not
    /// known.
    public var requestsNeeded: Int? {
        let deciding = filter { !$0.watchOnly }
        let needed = deciding.compactMap(\.requestsNeeded)
        return needed.count == deciding.count ? needed.max() : nil
    }
}

/// Which part of the error rates a planned number of requests has.
public enum PlannedStage: Hashable, Sendable {
    /// All of them: there is no extension.
    case only
    /// What a declared extension to so many pairs leaves to the first stage.
    case first(extendTo: Int)
    /// What an extension to so many pairs has.
    case extended(to: Int)
}
