public import Foundation
import RegistryRecords
public import RegistryTypes

/// Counts to be added to the roll-ups in one step.
public struct RollupBatch: Hashable, Sendable {
    /// Events of service levels.
    public var slis: [SLIEvents]
    /// Those of them that are of single keys.
    public var callers: [CallerSLIEvents]
    /// Requests by minute.
    public var traffic: [TrafficMinute]
    /// Summaries for drift analysis.
    public var drift: [DriftRollup]
    /// How far other logs are counted with this batch, by the name of the log.
    public var marks: [String: Int64]

    /// A batch.
    public init(
        slis: [SLIEvents] = [],
        callers: [CallerSLIEvents] = [],
        traffic: [TrafficMinute] = [],
        drift: [DriftRollup] = [],
        marks: [String: Int64] = [:]
    ) {
        self.slis = slis
        self.callers = callers
        self.traffic = traffic
        self.drift = drift
        self.marks = marks
    }

    /// Whether there is nothing to add.
    public var isEmpty: Bool { slis.isEmpty && callers.isEmpty && traffic.isEmpty && drift.isEmpty && marks.isEmpty }
}

/// The events of one series within one bucket.
public struct SLIEvents: Hashable, Sendable {
    /// What the events count for.
    public let series: SLISeries
    /// When they were, and how many.
    public let bucket: SLIBucket

    /// Events of `series`.
    public init(_ series: SLISeries, _ bucket: SLIBucket) {
        self.series = series
        self.bucket = bucket
    }
}

/// The requests that one release answered within a minute.
public struct TrafficMinute: Hashable, Sendable {
    /// When the minute starts, in seconds since 1970, a multiple of 60.
    public let minute: Int64
    /// The model.
    public let model: Name
    /// The number of the release.
    public let release: Int
    /// Why that release answered.
    public let arm: TrafficArm
    /// Requests by outcome.
    public let outcomes: [RequestOutcome: Int]
    /// Tokens of prompts.
    public let promptTokens: Int
    /// Tokens generated.
    public let outputTokens: Int
    /// Histograms of latencies, as the caller encodes them; nil when nothing was measured.
    public let latencies: Data?

    /// Requests of a minute.
    public init(
        minute: Int64,
        model: Name,
        release: Int,
        arm: TrafficArm,
        outcomes: [RequestOutcome: Int],
        promptTokens: Int,
        outputTokens: Int,
        latencies: Data? = nil
    ) {
        self.minute = minute
        self.model = model
        self.release = release
        self.arm = arm
        self.outcomes = outcomes
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.latencies = latencies
    }
}

/// What drift analysis knows of the requests of a release within a minute or an hour.
public struct DriftRollup: Hashable, Sendable {
    /// The length of a fine summary, in seconds.
    public static let fineSeconds = 60
    /// The length of a coarse summary, in seconds.
    public static let coarseSeconds = 3600

    /// The model.
    public let model: Name
    /// The number of the release.
    public let release: Int
    /// Which descriptors and which reference model it was measured with: only summaries of one epoch are comparable.
    public let epoch: String
    /// When it starts, in seconds since 1970, a multiple of ``seconds``.
    public let start: Int64
    /// How long it is: 60 or 3,600 seconds.
    public let seconds: Int
    /// The summary, as the caller encodes it.
    public let summary: Data

    /// A summary.
    public init(model: Name, release: Int, epoch: String, start: Int64, seconds: Int = fineSeconds, summary: Data) {
        self.model = model
        self.release = release
        self.epoch = epoch
        self.start = start
        self.seconds = seconds
        self.summary = summary
    }
}
