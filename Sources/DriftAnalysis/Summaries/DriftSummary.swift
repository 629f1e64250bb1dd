public import Digests
import Foundation
public import RegistryRecords
public import RegistryTypes
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

/// The summary of one stretch of time.
public struct DriftInterval: Sendable, Hashable {
    /// Where it starts.
    public let at: Timestamp
    /// Its length in seconds.
    public let seconds: Double
    /// Its requests.
    public let summary: DriftSummary

    /// Makes the value from its fields.
    public init(at: Timestamp, seconds: Double = 60, summary: DriftSummary) {
        self.at = at
        self.seconds = seconds
        self.summary = summary
    }

    /// Where it ends.
    public var end: Timestamp { at.adding(seconds: seconds) }
}

/// What must be equal for two summaries to be added: the reference model and the random features.
public struct DriftEpoch: Hashable, Sendable, Codable {
    /// How the features of embeddings are drawn.
    public struct Features: Hashable, Sendable, Codable {
        /// The seed of the random features.
        public let seed: UInt64
        /// Length of an embedding.
        public let width: Int
        /// The squared width of the kernel: the median squared distance of two prompts of the reference.
        public let medianSquaredDistance: Double

        /// Makes the value from its fields.
        public init(seed: UInt64, width: Int, medianSquaredDistance: Double) {
            self.seed = seed
            self.width = width
            self.medianSquaredDistance = medianSquaredDistance
        }

        /// Draws the features; nil when the width or the distance is not positive.
        public func drawn() -> RandomFeatures? {
            guard (1...DriftEpoch.widthLimit).contains(width) else { return nil }
            return RandomFeatures(seed: seed, width: width, medianSquaredDistance: medianSquaredDistance)
        }
    }

    /// D: half the number of random features.
    public static let frequencies = 128
    /// The longest embedding that is taken.
    static let widthLimit = 16_384

    /// The reference model that scored the prompts; nil when none did.
    public let referenceModel: Digest?
    /// The random features; nil without embeddings.
    public let features: Features?

    /// The names under which the first builds stored the members; the name of an epoch is their digest.
    private enum CodingKeys: String, CodingKey {
        case features
        case referenceModel = "yardstick"
    }

    /// An epoch.
    public init(referenceModel: Digest? = nil, features: Features? = nil) {
        self.referenceModel = referenceModel
        self.features = features
    }

    /// An epoch whose kernel is as wide as the median distance of `embeddings` (at most the first 500 are used);
    /// without embeddings when there are fewer than 2, or all are the same.
    public init(referenceModel: Digest, embeddings: [[Float]], seed: UInt64) {
        let rows = embeddings.prefix(500).map { $0.map(Double.init) }
        let distance = KernelTwoSample.medianSquaredDistance(rows).flatMap { $0 > 0 ? $0 : nil }
        self.init(
            referenceModel: referenceModel,
            features: distance.flatMap { distance in
                rows.first.map { Features(seed: seed, width: $0.count, medianSquaredDistance: distance) }
            }
        )
    }
}

/// Why drift cannot be measured.
public enum DriftError: Error, Equatable, Sendable {
    /// A window has too few requests to say anything.
    case tooLittleData(what: String, requests: Int, needed: Int)
    /// A reference that is learned is not complete.
    case stillLearning(DriftReport.Progress)
    /// A window shares time with its reference: traffic that is compared with itself shows nothing.
    case windowInReference(WindowOverlap)
    /// Two summaries were scored by different reference models, or with other random features.
    case differentEpochs
    /// Stored bytes are not what was written.
    case damaged(what: String, why: String)
    /// Stored bytes are of a newer build.
    case newer(what: String, version: Int)
}

extension DriftError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLittleData(let what, let requests, let needed):
            "the \(what) has \(requests) requests and needs at least \(needed): choose a longer window, or wait"
        case .stillLearning(let progress):
            "the reference is still being learned: \(progress.requests) of \(progress.wantedRequests) requests, "
                + "day \(progress.days) of \(progress.wantedDays); wait, or choose a window with drift baseline set"
        case .windowInReference(let overlap): overlap.sentence
        case .differentEpochs:
            "the two summaries were scored by different reference models and cannot be added: set a new baseline"
        case .damaged(let what, let why):
            "the stored \(what) is damaged (\(why)): restore it from a backup, or set a new baseline"
        case .newer(let what, let version):
            "the stored \(what) has version \(version), which this build cannot read: run the build that wrote it"
        }
    }
}
