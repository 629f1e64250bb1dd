import UserDocuments

/// The values of one metric, per request and arm. In a paired run index i is the same request in both arrays.
///
/// nil = no value. What that means depends on the metric: for a binary metric a candidate without a value gave no
/// usable answer and counts as bad; for a duration it counts as over every limit but has no place in the mean; for
/// amounts and scores the pair is left out and counted as missing. A baseline without a value always drops the pair.
public struct MetricSamples: Codable, Sendable, Hashable {
    /// Values of the release that is live.
    public var baseline: [Double?]
    /// Values of the release on trial.
    public var candidate: [Double?]
    /// Why values are missing, as a reader should hear it; nil where none are, or where that is not known.
    public var whyMissing: String?

    /// Whether a value is the mean of several answers to the same request, so that a yes/no metric has shares.
    public var isRepeated: Bool?

    /// The place in the run of the pair that each value belongs to, rising; nil where every pair of the run is here, at its
    /// own place, as of metrics that every request is asked for.
    public var places: [Int]?

    /// Samples of two arms; in a paired run the shorter array is filled up with nil.
    public init(
        baseline: [Double?],
        candidate: [Double?],
        whyMissing: String? = nil,
        isRepeated: Bool? = nil,
        places: [Int]? = nil
    ) {
        self.whyMissing = whyMissing
        self.isRepeated = isRepeated
        self.baseline = baseline
        self.candidate = candidate
        self.places = places
    }

    /// Pairs of the run that it reaches to.
    var reach: Int { places.map { ($0.last ?? -1) + 1 } ?? max(baseline.count, candidate.count) }

    /// The place in the run of the pair of the value at `index`.
    func place(of index: Int) -> Int {
        guard let places, places.indices.contains(index) else { return index }
        return places[index]
    }

    /// The values of the pairs at `kept` places of the run, rising, which become pairs 0, 1, 2 … of another run.
    func restricted(to kept: [Int]) -> MetricSamples {
        var cut = self
        var chosen = kept
        if let places {
            let now = Dictionary(uniqueKeysWithValues: zip(kept, kept.indices))
            chosen = places.indices.filter { now[places[$0]] != nil }
            cut.places = chosen.compactMap { now[places[$0]] }
        }
        cut.baseline = chosen.map { $0 < baseline.count ? baseline[$0] : nil }
        cut.candidate = chosen.map { $0 < candidate.count ? candidate[$0] : nil }
        return cut
    }
}

/// How the arms of a comparison are related.
public enum Pairing: String, Codable, Sendable {
    /// Both arms answered the same requests.
    case paired
    /// Each request went to one arm.
    case unpaired
}

/// Samples with everything unusable turned into nil by the rules of the metric's type.
struct CleanSamples {
    var baseline: [Double?]
    var candidate: [Double?]
    /// Values that were given but make no sense, such as a negative time or not-a-number.
    private(set) var unusable = 0
    /// Whether yes/no values are shares of several answers.
    let isRepeated: Bool

    init(_ samples: MetricSamples, type: Metric.Kind, pairing: Pairing) {
        baseline = samples.baseline
        candidate = samples.candidate
        let isRepeated = samples.isRepeated == true
        self.isRepeated = isRepeated
        if pairing == .paired {
            let pairs = max(baseline.count, candidate.count)
            baseline += [Double?](repeating: nil, count: pairs - baseline.count)
            candidate += [Double?](repeating: nil, count: pairs - candidate.count)
        }
        var dropped = 0
        func clean(_ value: Double?) -> Double? {
            guard let value else { return nil }
            // A time of plus infinity is a timeout: no value, but not an error of the data.
            if type == .duration, value == .infinity { return nil }
            let usable =
                switch type {
                case .duration: value.isFinite && value > 0
                case .amount: value.isFinite && value >= 0
                case .binary: isRepeated ? value >= 0 && value <= 1 : value == 0 || value == 1
                case .score: value.isFinite
                }
            if !usable { dropped += 1 }
            return usable ? value : nil
        }
        baseline = baseline.map(clean)
        candidate = candidate.map(clean)
        unusable = dropped
    }
}
