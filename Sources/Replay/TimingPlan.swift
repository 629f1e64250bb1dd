import UserDocuments

/// Which pairs of a canary are answered one request at a time, so that their times can be compared.
///
/// Times of answers that run side by side say how full the engine was. So where a time decides, every pair is measured;
/// where times are only shown, the first pairs are, which a canary draws at random.
enum TimingPlan: Equatable {
    /// No check asks for times.
    case none
    /// Times are only shown: the first pairs are measured.
    case sample
    /// A time decides: all pairs are measured.
    case all

    /// Pairs of a sample: twice what the most demanding check of times is judged on.
    private static let samplePairs = 200

    init(_ document: CanaryDocument) {
        let timed = document.checks.filter(\.metric.isTimed)
        self = timed.isEmpty ? .none : timed.allSatisfy(\.isWatchOnly) ? .sample : .all
    }

    /// Whether the pair at a place of the run is measured.
    func measures(_ position: Int) -> Bool {
        switch self {
        case .none: false
        case .sample: position < Self.samplePairs
        case .all: true
        }
    }

    /// What a reader of the report should know; nil when there is nothing to know.
    func note(pairs: Int) -> String? {
        guard self == .sample, pairs > Self.samplePairs else { return nil }
        return "times are only shown: they were measured on \(Self.samplePairs) of the \(pairs) pairs, "
            + "one request at a time"
    }
}
