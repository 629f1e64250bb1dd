public import RegistryRecords
public import RegistryTypes

/// What is live, what runs and what moved last.
public struct StatusView: Hashable, Sendable, Codable {
    /// A part of the models, by name: `?after=&prefix=&limit=`, or the one of `?model=`.
    public let models: [ModelSummary]
    /// What to send as `after` to get the next models; nil behind the last.
    public let next: String?
    /// How many models there are; nil from an older server, which sends all.
    public let modelCount: Int?
    /// How many channels point to a release; nil from an older server.
    public let channelCount: Int?
    /// The releases that channels of these models point to.
    public let releases: [ReleaseRecord]
    /// Canaries that run, with their progress.
    public let running: [CanaryView]
    /// Evaluations that run or wait, with their progress; nil from an older server.
    public let runningEvaluations: [EvaluationSummary]?
    /// The newest moves, at most 10.
    public let moves: [ChannelMove]
    /// Versions the server will not load.
    public let quarantined: [VersionRecord]
    /// How the channels of these models do, and all others that burn, fail, are watched or held, at most 50 of them.
    public let health: [HealthRow]
    /// The channels of other models that run a release against their policy, at most 20; nil where there are none.
    public let overridden: [ChannelRecord]?
    /// The open incidents, newest first, at most 100.
    public let incidents: [IncidentRow]
    /// How many are open, and since when; nil from an older server.
    public let openIncidents: OpenIncidents?
    /// The number of the newest event.
    public let head: Int
    /// When this was read.
    public let at: Timestamp
    /// The build of the server.
    public let build: String
    /// What is to be known of the data folder; nil from an older server.
    public let notices: [StoreNotice]?

    /// Makes the value from its fields.
    public init(
        models: [ModelSummary],
        next: String? = nil,
        modelCount: Int? = nil,
        channelCount: Int? = nil,
        releases: [ReleaseRecord],
        running: [CanaryView],
        runningEvaluations: [EvaluationSummary]? = nil,
        moves: [ChannelMove],
        quarantined: [VersionRecord],
        health: [HealthRow] = [],
        overridden: [ChannelRecord]? = nil,
        incidents: [IncidentRow] = [],
        openIncidents: OpenIncidents? = nil,
        head: Int,
        at: Timestamp,
        build: String,
        notices: [StoreNotice]? = nil
    ) {
        self.next = next
        self.modelCount = modelCount
        self.channelCount = channelCount
        self.overridden = overridden
        self.models = models
        self.releases = releases
        self.running = running
        self.runningEvaluations = runningEvaluations
        self.moves = moves
        self.quarantined = quarantined
        self.health = health
        self.incidents = incidents
        self.openIncidents = openIncidents
        self.head = head
        self.at = at
        self.build = build
        self.notices = notices
    }
}

extension StatusView {
    /// This status with the models that `more` holds behind its own; all else stays as it was read first.
    public func followed(by more: StatusView) -> StatusView {
        let added = Set(more.models.map(\.name))
        return StatusView(
            models: models + more.models,
            next: more.next,
            modelCount: more.modelCount,
            channelCount: more.channelCount,
            releases: releases + more.releases,
            running: running,
            runningEvaluations: runningEvaluations,
            moves: moves,
            quarantined: quarantined,
            health: (health.filter { !added.contains($0.model) } + more.health.filter { added.contains($0.model) })
                .sorted { ($0.model, $0.channel) < ($1.model, $1.channel) },
            overridden: overridden?.filter { !added.contains($0.model) },
            incidents: incidents,
            openIncidents: openIncidents,
            head: head,
            at: at,
            build: build,
            notices: notices
        )
    }
}

/// How a channel does now.
public struct HealthRow: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release it points to.
    public let release: Int
    /// How it does.
    public let state: State
    /// The state in words.
    public let words: String
    /// Requests a second over the last minute; nil without any.
    public let requestsPerSecond: Double?
    /// The share of failed requests over the last 5 minutes; nil without any.
    public let errorShare: Double?
    /// The median total time over the last 5 minutes; nil without any.
    public let p50Seconds: Double?
    /// The 95 % quantile of the total time over the last 5 minutes.
    public let p95Seconds: Double?
    /// The 95 % quantile by minute over the last 30 minutes, oldest first.
    public let p95History: [Double?]
    /// Requests by minute over the last 30 minutes, oldest first.
    public let requestHistory: [Int]
    /// The least budget left of its SLOs; nil when all are unknown.
    public let budgetLeft: Double?
    /// The SLO with the least budget.
    public let budgetSLO: Name?
    /// The highest burn rate of a fast pair's long window.
    public let burnFast: Double?
    /// The rollout that is being watched.
    public let rollout: RolloutRow?
    /// The hold on it.
    public let hold: HoldRow?
    /// When its newest counted request ended; nil when there was none.
    public let dataUntil: Timestamp?
    /// The release to which a rollback goes; nil when there is none.
    public let rollbackTo: Int?
    /// That its live release cannot be loaded, and what answers in its place; nil when it answers.
    public let unloaded: UnloadedRelease?

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        release: Int,
        state: State,
        words: String,
        requestsPerSecond: Double? = nil,
        errorShare: Double? = nil,
        p50Seconds: Double? = nil,
        p95Seconds: Double? = nil,
        p95History: [Double?],
        requestHistory: [Int],
        budgetLeft: Double? = nil,
        budgetSLO: Name? = nil,
        burnFast: Double? = nil,
        rollout: RolloutRow? = nil,
        hold: HoldRow? = nil,
        dataUntil: Timestamp? = nil,
        rollbackTo: Int? = nil,
        unloaded: UnloadedRelease? = nil
    ) {
        self.unloaded = unloaded
        self.model = model
        self.channel = channel
        self.release = release
        self.state = state
        self.words = words
        self.requestsPerSecond = requestsPerSecond
        self.errorShare = errorShare
        self.p50Seconds = p50Seconds
        self.p95Seconds = p95Seconds
        self.p95History = p95History
        self.requestHistory = requestHistory
        self.budgetLeft = budgetLeft
        self.budgetSLO = budgetSLO
        self.burnFast = burnFast
        self.rollout = rollout
        self.hold = hold
        self.dataUntil = dataUntil
        self.rollbackTo = rollbackTo
    }

    /// How a channel does.
    public enum State: String, Codable, Sendable {
        /// Its SLOs are met.
        case healthy
        /// A release is in its probation.
        case watching
        /// An alert fires.
        case burning
        /// A page-severity alert fires, or the release cannot answer.
        case failing
        /// There is traffic, and too little to say.
        case unknown
        /// Nobody asks it, so that nothing is known.
        case noTraffic = "no traffic"
        /// Nobody asks it, and they used to: a ticket. Nothing burns.
        case missingTraffic = "missing traffic"
    }
}

/// What a person on call needs first.
public struct OnCallView: Hashable, Sendable, Codable {
    /// The channels; of many, those that burn, fail, are watched, held or asked, the worst first, at most 20.
    public let channels: [HealthRow]
    /// How many channels there are; nil from an older server, which sends all.
    public let channelCount: Int?
    /// The open incidents, newest first, at most 100.
    public let incidents: [IncidentRow]
    /// How many are open, and since when; nil from an older server.
    public let openIncidents: OpenIncidents?
    /// The newest moves, at most 10.
    public let moves: [ChannelMove]
    /// Requests that wait for the engine.
    public let queue: Int
    /// Requests being answered.
    public let active: Int
    /// How the capture stands.
    public let capture: CaptureView
    /// Whether the server is shutting down.
    public let isDraining: Bool
    /// Bytes kept back so that a rollback can be written on a full disk; 0 once given up.
    public let reserveBytes: Int64
    /// When this was read.
    public let at: Timestamp
    /// What is to be known of the data folder; nil from an older server.
    public let notices: [StoreNotice]?

    /// Makes the value from its fields.
    public init(
        channels: [HealthRow],
        channelCount: Int? = nil,
        incidents: [IncidentRow],
        openIncidents: OpenIncidents? = nil,
        moves: [ChannelMove],
        queue: Int,
        active: Int,
        capture: CaptureView,
        isDraining: Bool,
        reserveBytes: Int64,
        at: Timestamp,
        notices: [StoreNotice]? = nil
    ) {
        self.channels = channels
        self.channelCount = channelCount
        self.incidents = incidents
        self.openIncidents = openIncidents
        self.moves = moves
        self.queue = queue
        self.active = active
        self.capture = capture
        self.isDraining = isDraining
        self.reserveBytes = reserveBytes
        self.at = at
        self.notices = notices
    }
}

/// Whether the log is whole.
public struct ChainView: Hashable, Sendable, Codable {
    /// Entries checked.
    public let events: Int
    /// The hash of the newest entry.
    public let head: String
    /// The first entry that is not what was written; nil when all are.
    public let firstBadEvent: Int?
    /// What is wrong with it.
    public let problem: String?

    /// Makes the value from its fields.
    public init(events: Int, head: String, firstBadEvent: Int? = nil, problem: String? = nil) {
        self.events = events
        self.head = head
        self.firstBadEvent = firstBadEvent
        self.problem = problem
    }
}

/// What was live at a moment, as the log says.
public struct PastStatusView: Hashable, Sendable, Codable {
    /// Where a channel pointed.
    public struct Channel: Hashable, Sendable, Codable {
        /// The move that had brought it there; settled when it had settled by then.
        public let move: ChannelMove
        /// What the release pins.
        public let content: ReleaseContent
        /// Why the channel was held; nil when it was not.
        public let hold: String?

        /// Makes the value from its fields.
        public init(move: ChannelMove, content: ReleaseContent, hold: String?) {
            self.move = move
            self.content = content
            self.hold = hold
        }
    }

    /// The moment.
    public let at: Timestamp
    /// The newest event of the log then.
    public let event: Int
    /// The first event that stands before it in the log and is dated after the moment, because the clock stepped back;
    /// nil as it should be. What is shown follows the order of the log.
    public let misdated: Int?
    /// The channels that pointed to something, by model and name.
    public let channels: [Channel]

    /// Makes the value from its fields.
    public init(at: Timestamp, event: Int, misdated: Int? = nil, channels: [Channel]) {
        self.at = at
        self.event = event
        self.misdated = misdated
        self.channels = channels
    }
}
