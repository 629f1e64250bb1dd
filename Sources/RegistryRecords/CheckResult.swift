public import RegistryTypes

/// What one check of a canary found. Every effect is oriented so that positive means the candidate is worse.
public struct CheckResult: Hashable, Sendable, Codable {
    /// How often a yes-or-no metric changed within a pair.
    public struct Flips: Hashable, Sendable, Codable {
        /// Pairs where only the candidate was bad.
        public let gotWorse: Int
        /// Pairs where only the baseline was bad.
        public let gotBetter: Int
        /// Pairs where both were good.
        public let bothGood: Int
        /// Pairs where both were bad.
        public let bothBad: Int

        /// Counts of pairs.
        public init(gotWorse: Int, gotBetter: Int, bothGood: Int, bothBad: Int) {
            self.gotWorse = gotWorse
            self.gotBetter = gotBetter
            self.bothGood = bothGood
            self.bothBad = bothBad
        }
    }

    /// The unit of `estimate`, `lower`, `upper`, `margin` and `detectable`.
    public enum Unit: String, Codable, Sendable {
        /// A share of requests: 0.01 is one point.
        case share
        /// The logarithm of a ratio: 0.05 is about 5 %.
        case logRatio
        /// The metric's own unit.
        case own
    }

    /// The name in the canary document, such as `answers correct`.
    public let name: String
    /// The metric, such as `exact_match`.
    public let metric: String
    /// Which aspect of the metric: `rate`, `centre`, `tail`, `limit`, `amount` or `score`.
    public let aspect: String
    /// Pairs the check could use.
    public let samples: Int
    /// Pairs it could not use, because a value was missing.
    public let missing: Int
    /// The metric over the baseline's answers; nil when there is none.
    public let baseline: Double?
    /// The metric over the candidate's answers; nil when there is none.
    public let candidate: Double?
    /// The unit of the effect.
    public let unit: Unit
    /// The degradation found; nil when it cannot be computed.
    public let estimate: Double?
    /// One-sided lower bound of the degradation at the level of `alphaPass`.
    public let lower: Double?
    /// One-sided upper bound of the degradation at the level of `alphaPass`: what decides a pass.
    public let upper: Double?
    /// The chance of wrongly passing a candidate at the margin.
    public let alphaPass: Double
    /// The degradation that is allowed.
    public let margin: Double
    /// One-sided p-value of "no degradation".
    public let pDegradation: Double?
    /// The same after Holm's correction over the deciding checks; nil for watch-only checks.
    public var pAdjusted: Double?
    /// What the check concluded.
    public let verdict: Verdict
    /// Why, in one sentence.
    public let reason: String
    /// Requests in all that would probably decide an inconclusive check; nil when it is decided or cannot be told.
    public let requestsNeeded: Int?
    /// The smallest degradation this run could have ruled out with 80 % power; nil when it cannot be computed.
    public let detectable: Double?
    /// Changes within pairs; nil unless the metric is yes-or-no.
    public let flips: Flips?
    /// Whether wrongly passing is held to the stricter level.
    public let critical: Bool
    /// Whether the check is only shown and never decides.
    public let watchOnly: Bool
    /// Whether the values are measured times, which differ from run to run.
    public let timed: Bool
    /// What a pass has to stay below where it is beyond `upper`: the exact bound of what may differ where nothing did. An
    /// interval of width zero is no evidence that nothing ever differs. nil where `upper` decides, and in older evidence.
    public let bound: Double?
    /// Whether there was nothing to compare: no values, too many missing ones, or a baseline that could not get worse. More
    /// requests of the kind would not help. nil where there was, and in older evidence.
    public let isWithoutEvidence: Bool?
    /// How answers were compared with what was expected; nil where nothing was, and in older evidence, which compared text.
    public var comparedAs: AnswerComparison?
    /// The pairs that were in when the check was decided, where a run is looked at more than once; nil while it is open, and
    /// where there is one look.
    public var decidedAt: Int?
    /// Groups of requests that hang together, such as conversations; nil where every request stands alone.
    public var clusters: Int?
    /// How many times more requests it takes because they hang together; nil where every request stands alone.
    public var designEffect: Double?

    /// The names under which the first builds stored the members.
    private enum CodingKeys: String, CodingKey {
        case name, metric, aspect, samples, missing, baseline, candidate, unit, estimate, lower, upper, alphaPass
        case margin, pAdjusted, verdict, reason, requestsNeeded, detectable, flips, critical, watchOnly, timed
        case bound, isWithoutEvidence, comparedAs, decidedAt, clusters, designEffect
        case pDegradation = "pHarm"
    }

    /// A result of a check.
    public init(
        name: String,
        metric: String,
        aspect: String,
        samples: Int,
        missing: Int,
        baseline: Double?,
        candidate: Double?,
        unit: Unit,
        estimate: Double?,
        lower: Double?,
        upper: Double?,
        alphaPass: Double,
        margin: Double,
        pDegradation: Double?,
        pAdjusted: Double?,
        verdict: Verdict,
        reason: String,
        requestsNeeded: Int?,
        detectable: Double?,
        flips: Flips?,
        critical: Bool,
        watchOnly: Bool,
        timed: Bool,
        bound: Double? = nil,
        isWithoutEvidence: Bool? = nil,
        comparedAs: AnswerComparison? = nil
    ) {
        self.name = name
        self.metric = metric
        self.aspect = aspect
        self.samples = samples
        self.missing = missing
        self.baseline = baseline
        self.candidate = candidate
        self.unit = unit
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.alphaPass = alphaPass
        self.margin = margin
        self.pDegradation = pDegradation
        self.pAdjusted = pAdjusted
        self.verdict = verdict
        self.reason = reason
        self.requestsNeeded = requestsNeeded
        self.detectable = detectable
        self.flips = flips
        self.critical = critical
        self.watchOnly = watchOnly
        self.timed = timed
        self.bound = bound
        self.isWithoutEvidence = isWithoutEvidence
        self.comparedAs = comparedAs
    }

    /// The largest degradation that is still plausible: what a pass has to keep below the margin.
    public var plausibleUpper: Double? { bound ?? upper }

    /// The smallest degradation that is still plausible.
    public var plausibleLower: Double? {
        guard let bound, let estimate, let lower else { return lower }
        return min(lower, 2 * estimate - bound)
    }

    /// The same check with how its answers were compared.
    public func compared(as comparison: AnswerComparison?) -> CheckResult {
        var copy = self
        copy.comparedAs = comparison
        return copy
    }
}

/// How an answer is compared with another text that it should be.
public enum AnswerComparison: String, Hashable, Sendable, Codable, CaseIterable {
    /// Byte for byte, apart from white space around it.
    case text
    /// As JSON values: blanks, the order of keys, escapes and ways to write a number do not count.
    case json
}

extension CheckResult {
    /// Its name among others of the same metric, such as `per token (tail)`.
    public var title: String {
        switch aspect {
        case "tail", "limit", "newly bad": "\(name) (\(aspect))"
        default: name
        }
    }
}
