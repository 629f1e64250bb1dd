import RegistryTypes
import Synchronization

/// Counts of all requests since the start, for whoever scrapes them. One lock for each request, at its end.
public final class ServingMeasurements: Sendable {
    /// What a series is about. Few and bounded: never a key, a user or a conversation.
    public struct Labels: Hashable, Sendable, Comparable {
        /// The model.
        public let model: String
        /// The version that answered.
        public let version: String
        /// Its prompt version.
        public let prompt: String
        /// The arm.
        public let arm: String
        /// What became of the requests.
        public let outcome: String
        /// `2xx`, `4xx` or `5xx`.
        public let status: String

        /// Where everything goes that has no room any more.
        static let other = Labels(
            model: "other",
            version: "other",
            prompt: "other",
            arm: "other",
            outcome: "other",
            status: "other"
        )

        public static func < (left: Self, right: Self) -> Bool { left.sortKey < right.sortKey }

        private var sortKey: String { [model, version, prompt, arm, outcome, status].joined(separator: "\u{0}") }
    }

    /// The measurements under one set of labels.
    public struct Series: Sendable {
        /// Requests.
        public internal(set) var requests = 0
        /// Seconds from arrival to the end.
        public internal(set) var duration = BucketCounts(MetricTable.duration)
        /// Seconds from arrival to the start of the work.
        public internal(set) var queueDuration = BucketCounts(MetricTable.queueDuration)
        /// Seconds from arrival to the first token.
        public internal(set) var timeToFirstToken = BucketCounts(MetricTable.timeToFirstToken)
        /// Mean seconds for each further token.
        public internal(set) var timePerOutputToken = BucketCounts(MetricTable.timePerOutputToken)
        /// Tokens of the prompts.
        public internal(set) var inputTokens = BucketCounts(MetricTable.tokenUsage)
        /// Tokens of the answers.
        public internal(set) var outputTokens = BucketCounts(MetricTable.tokenUsage)
    }

    /// All of it at one moment.
    public struct Snapshot: Sendable {
        /// The series.
        public internal(set) var series: [Labels: Series] = [:]
        /// Requests that never reached a release, by the status of their answer.
        public internal(set) var refused: [Int: Int] = [:]
        /// Requests that were taken and are not over.
        public internal(set) var active = 0

        /// Nothing was measured.
        public init() {}
    }

    /// Sets of labels that are kept apart.
    static let maxSeries = 200

    private let state = Mutex(Snapshot())

    init() {}

    /// What was measured so far.
    public var snapshot: Snapshot { state.withLock { $0 } }

    /// A request was taken.
    func began() { state.withLock { $0.active += 1 } }

    /// A request was refused before a release was found for it.
    func refused(status: Int) { state.withLock { $0.refused[status, default: 0] += 1 } }

    /// A request is over.
    func ended(_ record: RequestRecord) {
        let labels = Labels(
            model: record.model.text,
            version: "\(record.model)@\(record.version)",
            prompt: record.prompt.description,
            arm: record.arm.rawValue,
            outcome: record.outcome.rawValue,
            status: "\(record.status / 100)xx"
        )
        state.withLock { state in
            state.active -= 1
            let hasRoom = state.series[labels] != nil || state.series.count < Self.maxSeries
            state.series[hasRoom ? labels : .other, default: Series()].add(record)
        }
    }
}

extension ServingMeasurements.Series {
    /// Counts a request. What is not known of it is not counted: it is not zero.
    fileprivate mutating func add(_ record: RequestRecord) {
        requests += 1
        duration.add(record.totalSeconds, MetricTable.duration)
        if let seconds = record.queueSeconds { queueDuration.add(seconds, MetricTable.queueDuration) }
        if let seconds = record.firstTokenSeconds { timeToFirstToken.add(seconds, MetricTable.timeToFirstToken) }
        if let seconds = record.perTokenSeconds { timePerOutputToken.add(seconds, MetricTable.timePerOutputToken) }
        if let tokens = record.promptTokens { inputTokens.add(Double(tokens), MetricTable.tokenUsage) }
        if let tokens = record.outputTokens { outputTokens.add(Double(tokens), MetricTable.tokenUsage) }
    }
}
