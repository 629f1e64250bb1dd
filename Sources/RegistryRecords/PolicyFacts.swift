public import RegistryTypes
public import UserDocuments

/// Everything a policy may look at, gathered before it is asked, and stored with the decision.
public struct PolicyFacts: Hashable, Sendable, Codable {
    /// What happened when the version was loaded.
    public struct Smoke: Hashable, Sendable, Codable {
        /// What happened.
        public let result: SmokeResult
        /// When.
        public let time: Timestamp

        /// A smoke run.
        public init(result: SmokeResult, time: Timestamp) {
            self.result = result
            self.time = time
        }
    }

    /// A canary of the release: judged, stopped, or still running.
    public struct Canary: Hashable, Sendable, Codable {
        /// The canary.
        public let id: CanaryID
        /// The canary document.
        public let document: Name
        /// The traffic set.
        public let traffic: Name
        /// The release it was compared with.
        public let baseline: ReleaseID
        /// Pairs compared, or to compare.
        public let requests: Int
        /// What it found; nil while it runs.
        public let verdict: Verdict?
        /// When it was judged; when it started while it runs.
        public let time: Timestamp
        /// The checks that failed, by name, when known.
        public let failedChecks: [String]
        /// Requests in all that would probably decide an inconclusive run; nil when that cannot be told.
        public let requestsNeeded: Int?
        /// Different requests that its traffic set holds; nil in decisions of before.
        public let trafficRequests: Int?
        /// The deciding reason of its verdict; nil while it runs, and in decisions of before.
        public let summary: String?
        /// Why it ended without a verdict; nil while it runs and once it is judged.
        public let stopped: String?
        /// Why it is no evidence for its document as that stands now; nil when it is.
        public let objection: String?
        /// Its newest event in the log; nil in decisions from before that was kept.
        public let seq: Int?

        /// A canary of the release.
        public init(
            id: CanaryID,
            document: Name,
            traffic: Name,
            baseline: ReleaseID,
            requests: Int,
            verdict: Verdict?,
            time: Timestamp,
            failedChecks: [String] = [],
            requestsNeeded: Int? = nil,
            trafficRequests: Int? = nil,
            summary: String? = nil,
            stopped: String? = nil,
            objection: String? = nil,
            seq: Int? = nil
        ) {
            self.id = id
            self.document = document
            self.traffic = traffic
            self.baseline = baseline
            self.requests = requests
            self.verdict = verdict
            self.time = time
            self.failedChecks = failedChecks
            self.requestsNeeded = requestsNeeded
            self.trafficRequests = trafficRequests
            self.summary = summary
            self.stopped = stopped
            self.objection = objection
            self.seq = seq
        }

        /// Whether it is evidence from after a rejection: by the order of the log, for a clock may go back.
        public func isNewer(than rejection: Rejection) -> Bool {
            if let seq, let rejected = rejection.seq { return seq > rejected }
            return time > rejection.time
        }
    }

    /// A canary document that a canary of the release could run by.
    public struct CanaryPlan: Hashable, Sendable, Codable {
        /// The document.
        public let name: Name
        /// The traffic set that it names.
        public let traffic: Name
        /// Whether it names a release or a channel to compare with, so that a command has to name what is live.
        public let namesBaseline: Bool

        /// A canary document.
        public init(name: Name, traffic: Name, namesBaseline: Bool) {
            self.name = name
            self.traffic = traffic
            self.namesBaseline = namesBaseline
        }
    }

    /// An evaluation of the release.
    public struct Evaluation: Hashable, Sendable, Codable {
        /// The evaluation.
        public let id: EvaluationID
        /// The suite.
        public let suite: Name
        /// What it scored.
        public let scores: [EvaluationResult.Score]
        /// When it finished.
        public let time: Timestamp
        /// Why it is no evidence now; nil when it is.
        public let objection: String?

        /// An evaluation of the release.
        public init(
            id: EvaluationID,
            suite: Name,
            scores: [EvaluationResult.Score],
            time: Timestamp,
            objection: String? = nil
        ) {
            self.objection = objection
            self.id = id
            self.suite = suite
            self.scores = scores
            self.time = time
        }
    }

    /// That the release was taken back from the channel and needs new evidence.
    public struct Rejection: Hashable, Sendable, Codable {
        /// Why.
        public let reason: String
        /// When.
        public let time: Timestamp
        /// Its event in the log; nil in decisions from before that was kept.
        public let seq: Int?

        /// A rejection.
        public init(reason: String, time: Timestamp, seq: Int? = nil) {
            self.reason = reason
            self.time = time
            self.seq = seq
        }
    }

    /// That nobody may promote to the channel until a person lifts the hold.
    public struct Hold: Hashable, Sendable, Codable {
        /// Why it was placed.
        public let reason: String
        /// When.
        public let time: Timestamp

        /// A hold on the channel.
        public init(reason: String, time: Timestamp) {
            self.reason = reason
            self.time = time
        }
    }

    /// What is left of the error budget of an SLO of the model in the channel.
    public struct Budget: Hashable, Sendable, Codable {
        /// The SLO.
        public let slo: Name
        /// The share that is left, at most 1, under 0 when it is overspent; nil when that cannot be told.
        public let remaining: Double?
        /// Until when the counts go.
        public let time: Timestamp
        /// Why it cannot be told; nil when it can.
        public let problem: String?

        /// What is left of a budget; a share that is no finite number is unknown.
        public init(slo: Name, remaining: Double?, time: Timestamp, problem: String? = nil) {
            self.slo = slo
            self.remaining = remaining.flatMap { $0.isFinite ? $0 : nil }
            self.time = time
            self.problem = problem
        }
    }

    /// The version of the model in the release.
    public let version: VersionID
    /// What happened when it was loaded; nil when it never was.
    public let smoke: Smoke?
    /// What its card holds; nil when it has none.
    public let card: CardSummary?
    /// The canaries of the release, in any order.
    public let canaries: [Canary]
    /// The evaluations of the release, in any order.
    public let evaluations: [Evaluation]
    /// The release that the channel points to; nil when it points to none.
    public let live: ReleaseID?
    /// That the release was taken back; nil when it was not.
    public let rejection: Rejection?
    /// The error budgets of the model in the channel, in any order; nil for decisions from before there were any.
    public let budgets: [Budget]?
    /// The hold on the channel; nil when there is none.
    public let hold: Hold?
    /// Every reason why the engine here cannot run the version; nil where it can, and for decisions from before anything
    /// else was kept.
    public let cannotRun: [String]?
    /// What the version is laid over where it is an adapter; nil for a model by itself.
    public let base: VersionID?
    /// The canary documents there are, by name, at most 20 of them; nil for decisions from before that was kept.
    public let canaryPlans: [CanaryPlan]?
    /// Suites that the policy asks for and that are not there; nil when all are, and for decisions of before.
    public let absentSuites: [Name]?

    /// Facts about a release.
    public init(
        version: VersionID,
        smoke: Smoke? = nil,
        card: CardSummary? = nil,
        canaries: [Canary] = [],
        evaluations: [Evaluation] = [],
        live: ReleaseID? = nil,
        rejection: Rejection? = nil,
        budgets: [Budget]? = nil,
        hold: Hold? = nil,
        cannotRun: [String]? = nil,
        base: VersionID? = nil,
        canaryPlans: [CanaryPlan]? = nil,
        absentSuites: [Name]? = nil
    ) {
        self.canaryPlans = canaryPlans
        self.absentSuites = absentSuites
        self.version = version
        self.smoke = smoke
        self.card = card
        self.canaries = canaries
        self.evaluations = evaluations
        self.live = live
        self.rejection = rejection
        self.budgets = budgets
        self.hold = hold
        self.cannotRun = cannotRun
        self.base = base
    }
}
