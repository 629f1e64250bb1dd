import Digests
public import Statistics

/// What drift keeps of the requests of a minute, an hour or a window: counts and sums, no text.
///
/// Summaries add up: minutes to hours, hours to windows, in any order and with the same bytes as a result.
public struct DriftSummary: Hashable, Sendable {
    /// What must be equal for two summaries to be added.
    public let epoch: DriftEpoch
    /// Requests summarised.
    public internal(set) var requests = 0
    /// Records that were dropped before they could be summarised.
    public internal(set) var dropped = 0
    /// By place in ``DriftSignal/numbers``.
    var numbers = [NumberSummary](repeating: NumberSummary(), count: DriftSignal.numbers.count)
    /// By place in ``DriftSignal/categories``.
    var categories = [CategorySummary](repeating: CategorySummary(), count: DriftSignal.categories.count)
    /// By place in ``DriftSignal/rates``.
    var rates = [RateSummary](repeating: RateSummary(), count: DriftSignal.rates.count)
    var embedding = EmbeddingSummary()

    /// The summary of no request.
    public init(epoch: DriftEpoch = DriftEpoch()) { self.epoch = epoch }

    /// The summary of `rows`.
    ///
    /// - Parameter random: the epoch's random features, drawn once; nil leaves embeddings out.
    public init(
        epoch: DriftEpoch = DriftEpoch(),
        rows: some Sequence<RequestDescriptors>,
        random: RandomFeatures? = nil
    ) {
        self.epoch = epoch
        for row in rows { add(row, random: random) }
    }

    /// Adds a request.
    ///
    /// - Parameter random: the epoch's random features, drawn once; nil leaves the embedding out.
    public mutating func add(_ row: RequestDescriptors, random: RandomFeatures? = nil) {
        requests += 1
        for signal in DriftSignal.allCases {
            let slot = signal.slot
            switch (signal.kind, row.presence(of: signal)) {
            case (_, .notApplicable): break
            case (.number, .present): numbers[slot].add(row.numbers[slot])
            case (.number, .missing): numbers[slot].addMissing()
            case (.category, .present): categories[slot].add(row.categories[slot])
            case (.category, .missing): categories[slot].addMissing()
            case (.rate, .present): rates[slot].add(row.isYes(slot))
            case (.rate, .missing): rates[slot].addMissing()
            case (.embedding, .missing): embedding.addMissing()
            case (.embedding, .present):
                if let random, let vector = row.embedding { embedding.add(vector.values, random) }
            }
        }
    }

    /// Says that `count` records were dropped before they could be summarised.
    public mutating func addDropped(_ count: Int) { dropped += max(0, count) }

    /// Adds what somebody said of an answer that is summarised here already.
    ///
    /// - Parameters:
    ///   - isCorrect: whether the answer was right, and what was said before; nil for not said.
    ///   - isLiked: the thumb, and the one before.
    public mutating func addLabel(isCorrect: (now: Bool?, before: Bool?), isLiked: (now: Bool?, before: Bool?)) {
        func change(_ signal: DriftSignal, _ said: (now: Bool?, before: Bool?)) {
            if let before = said.before { rates[signal.slot].add(before, times: -1) }
            if let now = said.now { rates[signal.slot].add(now) }
        }
        change(.correct, isCorrect)
        change(.liked, isLiked)
        let (had, has) = (isLiked.before != nil, isLiked.now != nil)
        if had != has { rates[DriftSignal.feedbackGiven.slot].change(toYes: has) }
    }

    /// Adds the requests of another summary.
    ///
    /// - Throws: ``DriftError/differentEpochs``.
    public mutating func merge(_ other: DriftSummary) throws(DriftError) {
        guard other.epoch == epoch else { throw .differentEpochs }
        guard
            embedding.count == 0 || other.embedding.count == 0
                || embedding.totals.count == other.embedding.totals.count
        else { throw .differentEpochs }
        requests += other.requests
        dropped += other.dropped
        for slot in numbers.indices { numbers[slot].merge(other.numbers[slot]) }
        for slot in categories.indices { categories[slot].merge(other.categories[slot]) }
        for slot in rates.indices { rates[slot].merge(other.rates[slot]) }
        embedding.merge(other.embedding)
    }

    /// Requests that have a signal, and requests that should and do not.
    func counts(of signal: DriftSignal) -> (present: Int, missing: Int) {
        let slot = signal.slot
        return switch signal.kind {
        case .number: (numbers[slot].count, numbers[slot].missing)
        case .category: (categories[slot].count, categories[slot].missing)
        case .rate: (rates[slot].count, rates[slot].missing)
        case .embedding: (embedding.count, embedding.missing)
        }
    }
}
