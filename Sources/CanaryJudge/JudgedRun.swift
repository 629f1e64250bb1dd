import UserDocuments

/// Everything that a judgment rests on. Equal runs give equal judgments, byte for byte.
public struct JudgedRun: Sendable {
    /// Something that has to be the same for both arms, such as the scorer or the settings of the answers.
    public struct Condition: Hashable, Sendable {
        /// What it is, in words: "the scorer".
        public var name: String
        /// What it was for the baseline.
        public var baseline: String
        /// What it was for the candidate.
        public var candidate: String

        /// A condition.
        public init(name: String, baseline: String, candidate: String) {
            self.name = name
            self.baseline = baseline
            self.candidate = candidate
        }
    }

    /// A slice whose requests have a check of their own that decides.
    public struct ProtectedSlice: Hashable, Sendable {
        /// What the requests are told apart by.
        public var key: String
        /// Which of them are protected.
        public var value: String
        /// The name of the check.
        public var check: String
        /// What is allowed there; nil for as much as everywhere.
        public var margin: Double?

        /// A protected slice.
        public init(key: String, value: String, check: String, margin: Double? = nil) {
            self.key = key
            self.value = value
            self.check = check
            self.margin = margin
        }
    }

    /// The checks, in the order of the canary document.
    public var definitions: [CheckDefinition]
    /// Values by metric, pairs in the order in which they were answered; a metric without samples is inconclusive.
    public var samples: [String: MetricSamples]
    /// Error rates and minimum sizes.
    public var policy = JudgePolicy()
    /// Whether both arms answered the same requests.
    public var pairing = Pairing.paired
    /// When the run is looked at; nil for once, at its end.
    public var looks: LookSchedule?
    /// Which conversation, or other group of requests that hang together, each pair belongs to; nil where each stands alone.
    public var clusters: [Int]?
    /// Whether the candidate answered a pair before the baseline; nil where that is not known.
    public var candidateFirst: [Bool]?
    /// Whether the order was drawn by a seed that is kept, as canaries draw theirs. Then nothing but chance can make it
    /// lopsided, and a test of the coin would call one sound run in a thousand broken.
    public var isOrderDrawn = false
    /// Second answers of the baseline to its own requests by metric, in the order of the pairs; nil where it answered once.
    public var repeatedBaseline: [String: [Double?]] = [:]
    /// What has to be the same for both arms.
    public var conditions: [Condition] = []
    /// What each pair is told apart by: key, then one value a pair.
    public var slices: [String: [String?]] = [:]
    /// Slices with deciding checks of their own.
    public var protected: [ProtectedSlice] = []

    /// A run of paired samples, judged once.
    public init(_ definitions: [CheckDefinition], samples: [String: MetricSamples]) {
        self.definitions = definitions
        self.samples = samples
    }

    /// Pairs of the longest metric.
    var pairs: Int {
        samples.values.reduce(0) { max($0, $1.reach) }
    }

    /// The first `count` pairs of the run.
    func first(_ count: Int) -> JudgedRun {
        guard count < pairs else { return self }
        var run = self
        run.samples = samples.mapValues { values in
            if values.places != nil { return values.restricted(to: Array(0..<count)) }
            var cut = values
            cut.baseline = Array(values.baseline.prefix(count))
            cut.candidate = Array(values.candidate.prefix(count))
            return cut
        }
        run.clusters = clusters.map { Array($0.prefix(count)) }
        run.candidateFirst = candidateFirst.map { Array($0.prefix(count)) }
        run.repeatedBaseline = repeatedBaseline.mapValues { Array($0.prefix(count)) }
        run.slices = slices.mapValues { Array($0.prefix(count)) }
        return run
    }

    /// The pairs of one slice, as a run of its own.
    func slice(_ key: String, _ value: String) -> JudgedRun {
        let tags = slices[key] ?? []
        let kept = tags.indices.filter { tags[$0] == value }
        func pick<Element>(_ all: [Element]) -> [Element] { kept.compactMap { $0 < all.count ? all[$0] : nil } }
        var run = self
        run.samples = samples.mapValues { $0.restricted(to: kept) }
        run.clusters = clusters.map(pick)
        run.slices = [:]
        run.protected = []
        return run
    }

    /// The definitions of the run, those of protected slices behind them, each with the pairs it is measured on.
    func parts() -> [(definition: CheckDefinition, run: JudgedRun)] {
        let whole = definitions.map { (definition: $0, run: self) }
        let gates = protected.flatMap { slice -> [(definition: CheckDefinition, run: JudgedRun)] in
            let part = self.slice(slice.key, slice.value)
            return definitions.filter { $0.name == slice.check && !$0.watchOnly }.map { definition in
                var own = definition
                own.name = "\(definition.name) (\(slice.key) \(slice.value))"
                own.margin = slice.margin ?? definition.margin
                return (own, part)
            }
        }
        return whole + gates
    }

    /// What one definition measures on the pairs of this run.
    func measure(_ definition: CheckDefinition, _ policy: JudgePolicy) -> [Measurement] {
        let values = samples[definition.metric] ?? MetricSamples(baseline: [], candidate: [])
        switch pairing {
        case .paired: return Measurement.paired(definition, values, policy, clusters: clusters(of: values))
        case .unpaired: return Measurement.unpaired(definition, values, policy)
        }
    }

    /// The cluster of each value of a metric, where there are clusters; a value beyond them stands alone.
    private func clusters(of values: MetricSamples) -> [Int]? {
        guard let clusters, let places = values.places else { return clusters }
        return places.map { clusters.indices.contains($0) ? clusters[$0] : -1 - $0 }
    }
}
