/// Two models that read the same texts token by token: how far their distributions are apart, and where.
public struct ModelComparison: Hashable, Sendable, Codable {
    /// What the candidate is compared with: a file or a release.
    public let baseline: String
    /// What is compared.
    public let candidate: String
    /// What was read, in words, such as `a text of 4,210 bytes`.
    public let texts: String
    /// How many texts that was.
    public let textCount: Int
    /// The version of the engine's numerics.
    public let numerics: Int
    /// The most tokens read at a time; a longer text is read in windows that overlap.
    public let windowTokens: Int
    /// Whether both have the same tokens; without, distributions cannot be compared, only bits per byte.
    public let sharesVocabulary: Bool
    /// How well the baseline foresees the texts.
    public let baselineFit: TextFit
    /// How well the candidate does.
    public let candidateFit: TextFit
    /// Where distributions can be compared: how far they are apart. Nil across vocabularies, and where no token was scored.
    public let figures: Figures?
    /// The tokens at which they are furthest apart, worst first.
    public let worst: [Place]

    /// Makes the value from its fields.
    public init(
        baseline: String,
        candidate: String,
        texts: String,
        textCount: Int,
        numerics: Int,
        windowTokens: Int,
        sharesVocabulary: Bool,
        baselineFit: TextFit,
        candidateFit: TextFit,
        figures: Figures?,
        worst: [Place]
    ) {
        self.baseline = baseline
        self.candidate = candidate
        self.texts = texts
        self.textCount = textCount
        self.numerics = numerics
        self.windowTokens = windowTokens
        self.sharesVocabulary = sharesVocabulary
        self.baselineFit = baselineFit
        self.candidateFit = candidateFit
        self.figures = figures
        self.worst = worst
    }

    /// How far two distributions are apart, over all places. Divergence is that of Kullback and Leibler from the baseline's
    /// distribution over the whole vocabulary, in nats: 0 means the same one.
    public struct Figures: Hashable, Sendable, Codable {
        /// Places that were compared.
        public let places: Int
        /// Mean divergence.
        public let meanDivergence: Double
        /// Standard error of that mean, with neighbouring tokens taken together; nil where it cannot be told.
        public let divergenceError: Double?
        /// Half of the places are below.
        public let medianDivergence: Double
        /// 99 % of the places are below.
        public let divergence99: Double
        /// The largest.
        public let maxDivergence: Double
        /// Divergence at each percent of the places, from the least to the largest: 101 values.
        public let divergenceByPercent: [Double]
        /// Places at which both find the same token most likely.
        public let agreeing: Int
        /// The share of such places, 0...1.
        public let agreement: Double
        /// 95 % interval of that share; nil where it cannot be told.
        public let agreementInterval: Range?
        /// The candidate's perplexity divided by the baseline's.
        public let perplexityRatio: Double
        /// 95 % interval of that ratio; nil where it cannot be told.
        public let perplexityRatioInterval: Range?
        /// The first place at which their most likely tokens differ; nil when there is none.
        public let firstDivergence: Place?
        /// The same figures for stretches of the texts, from their beginning on.
        public let stretches: [Stretch]

        /// Makes the value from its fields.
        public init(
            places: Int,
            meanDivergence: Double,
            divergenceError: Double?,
            medianDivergence: Double,
            divergence99: Double,
            maxDivergence: Double,
            divergenceByPercent: [Double],
            agreeing: Int,
            agreement: Double,
            agreementInterval: Range?,
            perplexityRatio: Double,
            perplexityRatioInterval: Range?,
            firstDivergence: Place?,
            stretches: [Stretch]
        ) {
            self.places = places
            self.meanDivergence = meanDivergence
            self.divergenceError = divergenceError
            self.medianDivergence = medianDivergence
            self.divergence99 = divergence99
            self.maxDivergence = maxDivergence
            self.divergenceByPercent = divergenceByPercent
            self.agreeing = agreeing
            self.agreement = agreement
            self.agreementInterval = agreementInterval
            self.perplexityRatio = perplexityRatio
            self.perplexityRatioInterval = perplexityRatioInterval
            self.firstDivergence = firstDivergence
            self.stretches = stretches
        }
    }

    /// An interval.
    public struct Range: Hashable, Sendable, Codable {
        /// Its lower end.
        public let low: Double
        /// Its upper end.
        public let high: Double

        /// Makes the value from its fields.
        public init(low: Double, high: Double) {
            self.low = low
            self.high = high
        }
    }

    /// Places between two distances from the beginning of their text.
    public struct Stretch: Hashable, Sendable, Codable {
        /// The first token, counted from 1.
        public let first: Int
        /// The last one.
        public let last: Int
        /// Places in it.
        public let places: Int
        /// Of them, those at which both find the same token most likely.
        public let agreeing: Int
        /// The share of those, 0...1; nil without places.
        public let agreement: Double?
        /// Their mean divergence.
        public let meanDivergence: Double

        /// Makes the value from its fields.
        public init(first: Int, last: Int, places: Int, agreeing: Int, meanDivergence: Double) {
            agreement = places > 0 ? Double(agreeing) / Double(places) : nil
            self.first = first
            self.last = last
            self.places = places
            self.agreeing = agreeing
            self.meanDivergence = meanDivergence
        }
    }

    /// A token of a text, and what both models say there.
    public struct Place: Hashable, Sendable, Codable {
        /// Which text, from 1.
        public let text: Int
        /// Which token of it, from 1.
        public let token: Int
        /// What stands before it, as far as it is shown.
        public let before: String
        /// The token itself.
        public let spelling: String
        /// What stands after it, as far as it is shown.
        public let after: String
        /// Divergence there.
        public let divergence: Double
        /// Natural logarithm of the token's probability under the baseline.
        public let baselineLogProbability: Double
        /// The same under the candidate.
        public let candidateLogProbability: Double
        /// The token that the baseline finds most likely.
        public let baselineTop: String
        /// The one that the candidate does.
        public let candidateTop: String

        /// Makes the value from its fields.
        public init(
            text: Int,
            token: Int,
            before: String,
            spelling: String,
            after: String,
            divergence: Double,
            baselineLogProbability: Double,
            candidateLogProbability: Double,
            baselineTop: String,
            candidateTop: String
        ) {
            self.text = text
            self.token = token
            self.before = before
            self.spelling = spelling
            self.after = after
            self.divergence = divergence
            self.baselineLogProbability = baselineLogProbability
            self.candidateLogProbability = candidateLogProbability
            self.baselineTop = baselineTop
            self.candidateTop = candidateTop
        }
    }
}
