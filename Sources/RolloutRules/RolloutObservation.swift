public import RegistryTypes

/// What happened under a rollout since the last observation, about a second ago.
public struct RolloutObservation: Sendable {
    /// The clock that only runs forward, from any origin that stays the same while the process lives.
    public let monotonicSeconds: Double
    /// The wall clock, only for the record: no decision rests on it.
    public let time: Timestamp
    /// Requests that were answered or failed; bad are those without an answer.
    public let requests: ArmCounts
    /// Answers of the release that came in that say how it serves: given as it is, and not cut short at the caller's wish;
    /// bad are those known to be bad.
    public let served: EventCounts
    /// How often the engine failed under each release.
    public let engineFailures: (candidate: Int, heldBack: Int)
    /// When it first failed under the release that came in; nil when it did not.
    public let firstEngineFailureAt: Timestamp?
    /// What both releases did, for people.
    public let tallies: ArmTallies
    /// What each service level saw; one that is left out saw nothing.
    public let levels: [LevelObservation]

    /// Makes the value from its fields.
    ///
    /// - Parameter served: Nil where every answer says something, and none is known to be bad.
    public init(
        monotonicSeconds: Double,
        time: Timestamp,
        requests: ArmCounts = ArmCounts(),
        served: EventCounts? = nil,
        engineFailures: (candidate: Int, heldBack: Int) = (0, 0),
        firstEngineFailureAt: Timestamp? = nil,
        tallies: ArmTallies = ArmTallies(),
        levels: [LevelObservation] = []
    ) {
        self.monotonicSeconds = monotonicSeconds
        self.time = time
        self.requests = requests
        self.served = served ?? EventCounts(valid: requests.candidate.valid - requests.candidate.bad)
        self.engineFailures = engineFailures
        self.firstEngineFailureAt = firstEngineFailureAt ?? (engineFailures.candidate > 0 ? time : nil)
        self.tallies = tallies
        self.levels = levels
    }
}

/// What one service level saw since the last observation.
public struct LevelObservation: Hashable, Sendable {
    /// The service level.
    public let name: Name
    /// Its events since the last observation, each counted once, when it became known.
    public let counts: ArmCounts
    /// Whether the traffic of the release that came in burns the budget, by the policy's burn triggers.
    public let burn: BurnReading
    /// Whether the traffic of the last settled release does.
    public let heldBackBurn: BurnReading
    /// Bad requests of the release that came in.
    public let samples: [RequestID]
    /// When the first of its bad events became known; nil when there was none.
    public let firstBadAt: Timestamp?
    /// The share of its events that may be bad; nil where it is not told.
    public let budget: Double?
    /// Those of its events that a key's texts may be the cause of, by key.
    public let callers: [CallerEvents]

    /// Makes the value from its fields.
    public init(
        name: Name,
        counts: ArmCounts,
        burn: BurnReading = .unknown,
        heldBackBurn: BurnReading = .unknown,
        samples: [RequestID] = [],
        firstBadAt: Timestamp? = nil,
        budget: Double? = nil,
        callers: [CallerEvents] = []
    ) {
        self.name = name
        self.counts = counts
        self.burn = burn
        self.heldBackBurn = heldBackBurn
        self.samples = samples
        self.firstBadAt = firstBadAt
        self.budget = budget
        self.callers = callers
    }
}

/// Whether an error budget burns, as the service levels say for the traffic of one release.
public enum BurnReading: Hashable, Sendable, Codable {
    /// There are no data to tell.
    case unknown
    /// It does not burn too fast; the highest rate of the policy's windows.
    case calm(rate: Double)
    /// It burns too fast over both windows of a trigger: the rate over the long one, and the rate that was too much.
    case burning(rate: Double, limit: Double)

    /// Whether it burns too fast. Unknown is not bad.
    public var isBurning: Bool { if case .burning = self { true } else { false } }

    /// The rate; nil when unknown.
    public var rate: Double? {
        switch self {
        case .unknown: nil
        case .calm(let rate): rate
        case .burning(let rate, _): rate
        }
    }
}
