/// How often a run was looked at before it was decided, and what the early answer saved.
public struct LookRecord: Hashable, Sendable, Codable {
    /// The pairs that were in at each look that was taken.
    public let pairs: [Int]
    /// Looks that there could have been, an extension included where one was declared.
    public let planned: Int
    /// Pairs without an early answer, an extension left out.
    public let maximum: Int
    /// Whether the run went on beyond `maximum`, with the part of the error rates that was kept for it.
    public let isExtended: Bool
    /// Why the run stopped or goes on, in one sentence.
    public let sentence: String

    /// Looks of a run.
    public init(pairs: [Int], planned: Int, maximum: Int, isExtended: Bool, sentence: String) {
        self.pairs = pairs
        self.planned = planned
        self.maximum = maximum
        self.isExtended = isExtended
        self.sentence = sentence
    }

    /// Pairs that need not be answered because the answer was known; 0 where none were saved.
    public var pairsSaved: Int { max(0, maximum - (pairs.last ?? maximum)) }
}

/// What a check found among the requests of one kind. Shown; only slices that a document protects decide.
public struct SliceResult: Hashable, Sendable, Codable {
    /// What the requests are told apart by, such as `language`.
    public let key: String
    /// Which of them these are, such as `de`.
    public let value: String
    /// The check, by its title.
    public let check: String
    /// Pairs of this slice that the check could use.
    public let samples: Int
    /// The degradation found, in the check's unit; nil where it cannot be computed.
    public let estimate: Double?
    /// One-sided lower bound at 95 %.
    public let lower: Double?
    /// One-sided upper bound at 95 %.
    public let upper: Double?
    /// p-value of "no degradation", corrected over all slices and checks (Benjamini & Hochberg 1995); nil where the slice is
    /// too small to be tested.
    public let pAdjusted: Double?
    /// Whether it is worse beyond noise and past the check's margin.
    public let isFlagged: Bool

    /// A result of a slice.
    public init(
        key: String,
        value: String,
        check: String,
        samples: Int,
        estimate: Double?,
        lower: Double?,
        upper: Double?,
        pAdjusted: Double?,
        isFlagged: Bool
    ) {
        self.key = key
        self.value = value
        self.check = check
        self.samples = samples
        self.estimate = estimate
        self.lower = lower
        self.upper = upper
        self.pAdjusted = pAdjusted
        self.isFlagged = isFlagged
    }
}

/// That the effect on a check is not the same in all slices of a key: the mean over all hides something.
public struct UnevenCheck: Hashable, Sendable, Codable {
    /// What the requests are told apart by.
    public let key: String
    /// The check, by its title.
    public let check: String
    /// Cochran's Q over the slices.
    public let q: Double
    /// p-value of "the effect is the same in every slice".
    public let p: Double

    /// An effect that differs between slices.
    public init(key: String, check: String, q: Double, p: Double) {
        self.key = key
        self.check = check
        self.q = q
        self.p = p
    }
}
