/// What a signal of drift says something about. The order is the order of a report.
public enum DriftFamily: String, Codable, Sendable, CaseIterable {
    /// What users ask.
    case input
    /// What the model answers.
    case output
    /// How good the answers are.
    case quality
    /// How fast and how reliably they come.
    case operations
    /// Whether the measurements themselves can be believed: faults here mute the family they belong to.
    case capture
}

/// What one signal of drift showed: the line of the evidence table, and of "what moved".
public struct DriftTest: Hashable, Sendable, Codable {
    /// What an effect counts.
    public enum EffectUnit: String, Codable, Sendable {
        /// Cliff's delta, -1 to 1: how much oftener a value of the window is above one of the reference than below.
        case delta
        /// A share of requests: 0.01 is one point.
        case share
        /// The logarithm of a ratio of geometric means.
        case logRatio
        /// The statistic over its mean for two samples of the same traffic.
        case multipleOfNoise
    }

    /// What a line says.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Within what two samples of the same traffic differ by.
        case stable
        /// Moved, by little or not for certain.
        case small
        /// Beyond its floor, and what two samples of the same traffic may differ by: nobody can tell yet.
        case undecided
        /// Moved for certain and beyond its floor.
        case moved
        /// Moved for certain, beyond its floor, and for the better: nobody need act.
        case better
        /// Its family is muted by a capture fault.
        case muted
        /// No data on one side or on both.
        case unknown
    }

    /// The signal, such as `language`.
    public let signal: String
    /// What a person calls it, such as `language`.
    public let title: String
    /// What it says something about.
    public let family: DriftFamily
    /// The test, such as `rank + chi-square`.
    public let test: String
    /// Requests of the reference that have the signal.
    public let referenceCount: Int
    /// Requests of the window that have the signal.
    public let currentCount: Int
    /// Requests of the reference that should have it and do not.
    public let referenceMissing: Int
    /// Requests of the window that should have it and do not.
    public let currentMissing: Int
    /// The reference in words and its own unit, such as `median 61` or `de 33 %`; nil without data.
    public let reference: String?
    /// The window in the same words.
    public let current: String?
    /// How it moved in its own unit, such as `+18 %` or `+47 points`.
    public let change: String?
    /// The p-value of "the same traffic"; nil when there is nothing to test.
    public let pValue: Double?
    /// The same after Holm's correction over all signals tested: what decides a ticket.
    public let pHolm: Double?
    /// The same after Benjamini and Hochberg's: what colours the line.
    public let pAdjusted: Double?
    /// The size, in the unit of `effectUnit`.
    public let effect: Double?
    /// What `effect`, `floor` and `detectable` count.
    public let effectUnit: EffectUnit
    /// The size below which nobody need act.
    public let floor: Double
    /// How many times its floor the effect is, by whichever measure of the signal is largest: the order of what moved.
    public let sizeOverFloor: Double
    /// The smallest size that windows of this many requests show with 80 % power at the level of a ticket.
    public let detectable: Double?
    /// Jensen-Shannon distance of the two histograms, base 2, 0 to 1; nil without one.
    public let jensenShannon: Double?
    /// Mean shift of the quantiles over the reference's interquartile range; nil when that is 0.
    public let wassersteinPerIQR: Double?
    /// Population stability index over the bins of the reference; nil without bins.
    public let stability: Double?
    /// The index that one in twenty pairs of samples of the same traffic exceeds.
    public let stabilityNoise: Double?
    /// What the line says.
    public let state: State
    /// The value up to which nobody need act, in the words of the signal; nil where the floor says it.
    public let allowed: String?
    /// Why nothing is known of it; nil where something is.
    public let unseen: String?

    /// Makes the value from its fields.
    public init(
        signal: String,
        title: String,
        family: DriftFamily,
        test: String,
        referenceCount: Int,
        currentCount: Int,
        referenceMissing: Int,
        currentMissing: Int,
        reference: String? = nil,
        current: String? = nil,
        change: String? = nil,
        pValue: Double? = nil,
        pHolm: Double? = nil,
        pAdjusted: Double? = nil,
        effect: Double? = nil,
        effectUnit: EffectUnit,
        floor: Double,
        sizeOverFloor: Double,
        detectable: Double? = nil,
        jensenShannon: Double? = nil,
        wassersteinPerIQR: Double? = nil,
        stability: Double? = nil,
        stabilityNoise: Double? = nil,
        state: State,
        allowed: String? = nil,
        unseen: String? = nil
    ) {
        self.signal = signal
        self.title = title
        self.family = family
        self.test = test
        self.referenceCount = referenceCount
        self.currentCount = currentCount
        self.referenceMissing = referenceMissing
        self.currentMissing = currentMissing
        self.reference = reference
        self.current = current
        self.change = change
        self.pValue = pValue
        self.pHolm = pHolm
        self.pAdjusted = pAdjusted
        self.effect = effect
        self.effectUnit = effectUnit
        self.floor = floor
        self.sizeOverFloor = sizeOverFloor
        self.detectable = detectable
        self.jensenShannon = jensenShannon
        self.wassersteinPerIQR = wassersteinPerIQR
        self.stability = stability
        self.stabilityNoise = stabilityNoise
        self.state = state
        self.allowed = allowed
        self.unseen = unseen
    }
}

/// One tile of "does it hurt?": a signal with a margin, in its own unit, positive changes being worse.
public struct DriftDegradation: Hashable, Sendable, Codable {
    /// What the interval says of the margin.
    public enum State: String, Codable, Sendable {
        /// Even the worst plausible change is inside the margin.
        case withinMargin = "harmless"
        /// The interval holds both sides of the margin.
        case unclear
        /// Even the best plausible change is beyond the margin.
        case beyondMargin = "harmful"
        /// No data.
        case unknown
    }

    /// The signal, such as `errors`.
    public let signal: String
    /// What a person calls it.
    public let title: String
    /// The reference in words; nil without data.
    public let reference: String?
    /// The window in the same words.
    public let current: String?
    /// How much worse: a difference of shares, or the logarithm of a ratio.
    public let change: Double?
    /// Lower end of its 95 % interval.
    public let lower: Double?
    /// Upper end of its 95 % interval.
    public let upper: Double?
    /// The change that is allowed, in the same unit.
    public let margin: Double
    /// Whether the change is the logarithm of a ratio instead of a difference of shares.
    public let isRatio: Bool
    /// What the interval says of the margin.
    public let state: State
    /// The worst value that is allowed, in the words of the signal; nil where the margin says it.
    public let allowed: String?

    /// Makes the value from its fields.
    public init(
        signal: String,
        title: String,
        reference: String? = nil,
        current: String? = nil,
        change: Double? = nil,
        lower: Double? = nil,
        upper: Double? = nil,
        margin: Double,
        isRatio: Bool,
        state: State,
        allowed: String? = nil
    ) {
        self.signal = signal
        self.title = title
        self.reference = reference
        self.current = current
        self.change = change
        self.lower = lower
        self.upper = upper
        self.margin = margin
        self.isRatio = isRatio
        self.state = state
        self.allowed = allowed
    }
}
