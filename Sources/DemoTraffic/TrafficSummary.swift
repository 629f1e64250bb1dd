public import RegistryTypes

/// What `serin demo traffic` prints: the run in figures. Times are this machine's.
public struct TrafficSummary: Hashable, Sendable, Encodable {
    /// What one release answered.
    public struct Release: Hashable, Sendable, Encodable {
        /// Such as `ticket-bot@r2`.
        public let release: String
        /// Answers.
        public let answered: Int
        /// Of those, as the held-back share of a rollout.
        public let heldBack: Int
        /// Wrong answers.
        public let wrong: Int
        /// Of the wrong ones, those that are no JSON.
        public let notJSON: Int
        /// The share of wrong ones, in 0...1.
        public let wrongShare: Double
        /// When the first answer came.
        public let firstAnswer: Timestamp
        /// When the last answer came.
        public let lastAnswer: Timestamp
        /// When the first wrong answer came.
        public let firstWrong: Timestamp?
        /// When the last wrong answer came.
        public let lastWrong: Timestamp?
        /// Seconds from its first wrong answer to its last.
        public let wrongSeconds: Double?
    }

    /// The reference that was asked.
    public let model: String
    /// What differed from training.
    public let shift: String
    /// What the run is drawn from.
    public let seed: UInt64
    /// When it started.
    public let startedAt: Timestamp
    /// How long it took.
    public let seconds: Double
    /// Whether it was stopped before its end.
    public let isInterrupted: Bool
    /// Requests due in a second, on average.
    public let requestsPerSecond: Double
    /// Requests sent.
    public let sent: Int
    /// Answers.
    public let answered: Int
    /// Requests that were not answered.
    public let failed: Int
    /// Requests given up because the run was stopped.
    public let abandoned: Int
    /// Sent more than 0.1 s after they were due.
    public let late: Int
    /// Due, but never sent: too many were under way.
    public let unsent: Int
    /// Wrong answers.
    public let wrong: Int
    /// Labels taken.
    public let labelled: Int
    /// Seconds from when a request was due to its answer.
    public let p50Seconds: Double?
    /// The same that 95 % stayed under.
    public let p95Seconds: Double?
    /// In the order in which they first answered.
    public let releases: [Release]
    /// Why requests failed, and how often.
    public let failures: [String: Int]
    /// Why labels were not taken, and how often.
    public let labelFailures: [String: Int]

    /// The figures of `tally`, with times as moments.
    public init(
        _ tally: TrafficTally,
        model: String,
        shift: TicketShift,
        requestsPerSecond: Double,
        seed: UInt64,
        startedAt: Timestamp,
        seconds: Double,
        isInterrupted: Bool
    ) {
        func moment(_ offset: Double) -> Timestamp {
            Timestamp(milliseconds: startedAt.milliseconds + Int64((offset * 1000).rounded()))
        }
        self.model = model
        self.shift = shift.rawValue
        self.seed = seed
        self.startedAt = startedAt
        self.seconds = seconds
        self.isInterrupted = isInterrupted
        self.requestsPerSecond = requestsPerSecond
        sent = tally.sent
        answered = tally.answered
        failed = tally.failed
        abandoned = tally.abandoned
        late = tally.late
        unsent = tally.unsent
        wrong = tally.wrong
        labelled = tally.labelled
        p50Seconds = tally.times.quantile(0.5)
        p95Seconds = tally.times.quantile(0.95)
        failures = tally.failures
        labelFailures = tally.unlabelled
        releases = tally.releases.sorted { ($0.value.firstAnswer, $0.key) < ($1.value.firstAnswer, $1.key) }
            .map { name, counts in
                Release(
                    release: name,
                    answered: counts.answered,
                    heldBack: counts.heldBack,
                    wrong: counts.wrong,
                    notJSON: counts.notJSON,
                    wrongShare: Double(counts.wrong) / Double(max(1, counts.answered)),
                    firstAnswer: moment(counts.firstAnswer),
                    lastAnswer: moment(counts.lastAnswer),
                    firstWrong: counts.firstWrong.map(moment),
                    lastWrong: counts.lastWrong.map(moment),
                    wrongSeconds: counts.firstWrong.flatMap { first in counts.lastWrong.map { $0 - first } }
                )
            }
    }
}
