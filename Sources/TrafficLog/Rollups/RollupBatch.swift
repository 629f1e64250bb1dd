/// Counts to be added to the roll-ups in one step.
public struct RollupBatch: Hashable, Sendable {
    /// Events of service levels.
    public var slis: [SLIEvents]
    /// Requests by minute.
    public var traffic: [TrafficMinute]
    /// Summaries for drift analysis.
    public var drift: [DriftRollup]
    /// How far other logs are counted with this batch, by the name of the log.
    public var marks: [String: Int64]

    /// A batch.
    public init(
        slis: [SLIEvents] = [],
        traffic: [TrafficMinute] = [],
        drift: [DriftRollup] = [],
        marks: [String: Int64] = [:]
    ) {
        self.slis = slis
        self.traffic = traffic
        self.drift = drift
        self.marks = marks
    }

    /// Whether there is nothing to add.
    public var isEmpty: Bool { slis.isEmpty && traffic.isEmpty && drift.isEmpty && marks.isEmpty }
}
