import RegistryTypes

/// What `serin demo traffic` prints: the run in figures. Times are this machine's.
struct TrafficSummary: Hashable, Sendable, Encodable {
    /// What one release answered.
    struct Release: Hashable, Sendable, Encodable {
        let release: String
        let answered: Int
        /// Of those, as the held-back share of a rollout.
        let heldBack: Int
        let wrong: Int
        /// Of the wrong ones, those that are no JSON.
        let notJSON: Int
        let wrongShare: Double
        let firstAnswer: Timestamp
        let lastAnswer: Timestamp
        let firstWrong: Timestamp?
        let lastWrong: Timestamp?
        /// Seconds from its first wrong answer to its last.
        let wrongSeconds: Double?
    }

    let model: String
    let shift: String
    let seed: UInt64
    let startedAt: Timestamp
    let seconds: Double
    let isInterrupted: Bool
    let requestsPerSecond: Double
    let sent: Int
    let answered: Int
    let failed: Int
    let abandoned: Int
    /// Sent more than 0.1 s after they were due.
    let late: Int
    /// Due, but never sent: too many were under way.
    let unsent: Int
    let wrong: Int
    let labelled: Int
    /// Seconds from when a request was due to its answer.
    let p50Seconds: Double?
    let p95Seconds: Double?
    /// In the order in which they first answered.
    let releases: [Release]
    let failures: [String: Int]
    let labelFailures: [String: Int]

    init(
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
