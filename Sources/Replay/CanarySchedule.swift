public import RegistryTypes
import SeededRandom
import TrafficLog
import UserDocuments
import Wording

/// The order in which a canary replays its requests, and which release answers first in each pair: all from one seed.
///
/// A run with fewer requests replays a prefix of a longer one with the same seed, so growing a run keeps its pairs.
public struct CanarySchedule: Sendable, Equatable {
    /// One pair.
    public struct Step: Sendable, Equatable {
        /// The place in the run, from 0 on.
        public let position: Int
        /// The place of the request in the traffic set, from 0 on.
        public let request: Int
        /// Whether the baseline answers first.
        public let baselineFirst: Bool
    }

    /// The pairs in order.
    public private(set) var steps: [Step]

    /// The same run with `count` pairs at most.
    func first(_ count: Int) -> CanarySchedule {
        var shorter = self
        shorter.steps = Array(steps.prefix(count))
        return shorter
    }

    /// Draws the order of `requests` pairs from `set`, each request used at most once, and what is asked again only after all
    /// that is different.
    public init(_ set: some Collection<TrafficRequest>, requests: Int, seed: UInt64) {
        let distinct = DistinctRequests(set)
        self.init(setSize: set.count, requests: requests, seed: seed) { distinct.repeatsLast($0) }
    }

    /// Draws the order of `requests` pairs from a set of `setSize` requests, each used at most once, as builds did that did
    /// not look at what the requests ask: a run that one of them began goes on in its own order.
    init(setSize: Int, requests: Int, seed: UInt64, arranged: ([Int]) -> [Int] = { $0 }) {
        var generator = SplitMix64(seed: seed)
        var order = Array(0..<max(setSize, 0))
        // Fisher and Yates, 1938.
        for last in stride(from: order.count - 1, to: 0, by: -1) {
            order.swapAt(last, Int(generator.below(UInt64(last + 1))))
        }
        var coins = SplitMix64(seed: seed ^ 0x5ee0_c01b_fa11_f0e5)
        steps = arranged(order).prefix(max(requests, 0)).enumerated().map { position, request in
            Step(position: position, request: request, baselineFirst: coins.next() & 1 == 0)
        }
    }
}

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

    /// Pairs of a sample: what the most demanding check of times is judged on.
    private static let samplePairs = 100

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
        return
            "times are only shown: they were measured on \(Self.samplePairs) of the \(NumberText.count(pairs)) pairs, "
            + "one request at a time"
    }
}
