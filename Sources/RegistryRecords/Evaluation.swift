public import Digests
public import RegistryTypes

/// An evaluation was asked for.
public struct EvaluationStarted: EventBody {
    public static let kind = "evaluation.started"

    /// The evaluation.
    public let id: EvaluationID
    /// The release.
    public let release: ReleaseID
    /// The traffic set with the expected answers.
    public let suite: Name
    /// The digest of that set.
    public let suiteDigest: Digest
    /// The cases of that set.
    public let cases: Int

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: EvaluationID, release: ReleaseID, suite: Name, suiteDigest: Digest, cases: Int) {
        self.id = id
        self.release = release
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.cases = cases
    }
}

/// An evaluation ended without a result.
public struct EvaluationStopped: EventBody {
    public static let kind = "evaluation.stopped"

    /// The evaluation.
    public let id: EvaluationID
    /// Why.
    public let reason: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: EvaluationID, reason: String) {
        self.id = id
        self.reason = reason
    }
}

/// An evaluation that somebody asked for: its event, and how far it is. Its result is an ``EvaluationRecord``.
public struct EvaluationJob: EventRecord {
    /// How far an evaluation is.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Waits for its turn, or runs; a restart takes it up again.
        case running
        /// Has a result.
        case finished
        /// Could not be finished.
        case stopped
    }

    /// What was asked for.
    public let event: EvaluationStarted
    /// How far it is.
    public let state: State
    /// Why it stopped; nil otherwise.
    public let reason: String?
    /// Who asked.
    public let startedBy: String
    /// When.
    public let startedAt: Timestamp

    /// An evaluation as it stands.
    public init(_ event: EvaluationStarted, state: State, reason: String?, startedBy: String, startedAt: Timestamp) {
        self.event = event
        self.state = state
        self.reason = reason
        self.startedBy = startedBy
        self.startedAt = startedAt
    }
}

/// A release was evaluated on a suite.
public struct EvaluationFinished: EventBody {
    public static let kind = "evaluation.finished"

    /// The evaluation.
    public let id: EvaluationID
    /// The release.
    public let release: ReleaseID
    /// The traffic set with the expected answers.
    public let suite: Name
    /// The digest of that set.
    public let suiteDigest: Digest
    /// What it scored.
    public let scores: [EvaluationResult.Score]
    /// The blob of the result.
    public let evidence: Digest
    /// The size of that blob in bytes; nil in a record, as only the table of blobs keeps it.
    public var evidenceSizeBytes: Int64?
    /// By which meaning of the metrics it was scored; nil in entries of before that was kept.
    public let rulesRevision: Int?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: EvaluationID,
        release: ReleaseID,
        suite: Name,
        suiteDigest: Digest,
        scores: [EvaluationResult.Score],
        evidence: Digest,
        evidenceSizeBytes: Int64?,
        rulesRevision: Int? = nil
    ) {
        self.rulesRevision = rulesRevision
        self.id = id
        self.release = release
        self.suite = suite
        self.suiteDigest = suiteDigest
        self.scores = scores
        self.evidence = evidence
        self.evidenceSizeBytes = evidenceSizeBytes
    }
}

/// An evaluation of a release on a suite: who asked for it, and when it finished.
public typealias EvaluationRecord = Recorded<EvaluationFinished>

/// How well a release answered the cases of a suite. Counts first; the rates follow from them.
public struct EvaluationResult: Hashable, Sendable, Codable {
    /// One metric over all cases that it applies to.
    public struct Score: Hashable, Sendable, Codable {
        /// The metric, such as `exact_match`.
        public let metric: String
        /// Cases that were right.
        public let good: Int
        /// Cases the metric applies to.
        public let samples: Int
        /// `good / samples`; nil without samples.
        public let value: Double?
        /// The one-sided 95 % Wilson lower bound (Wilson, 1927); nil without samples.
        public let lower95: Double?
        /// How answers were compared with what was expected; nil where nothing was, and in older evidence, which compared
        /// text.
        public let comparedAs: AnswerComparison?

        /// Whether it is of a part of the answers, such as a field: lists leave it out.
        public var isOfPart: Bool { metric.utf8.contains(0x28) }

        /// A score.
        public init(
            metric: String,
            good: Int,
            samples: Int,
            value: Double?,
            lower95: Double?,
            comparedAs: AnswerComparison? = nil
        ) {
            self.metric = metric
            self.good = good
            self.samples = samples
            self.value = value
            self.lower95 = lower95
            self.comparedAs = comparedAs
        }
    }

    /// A case that was answered wrongly.
    public struct Failure: Hashable, Sendable, Codable {
        /// The request's id in the suite.
        public let request: String
        /// What was asked, shortened.
        public let input: String
        /// What should have come.
        public let expected: String?
        /// Where that comes from; nil where the set itself said it.
        public let expectedFrom: ExpectationSource?
        /// What came; nil when nothing came.
        public let answer: String?

        /// A wrong answer.
        public init(
            request: String,
            input: String,
            expected: String?,
            expectedFrom: ExpectationSource? = nil,
            answer: String?
        ) {
            self.request = request
            self.input = input
            self.expected = expected
            self.expectedFrom = expectedFrom
            self.answer = answer
        }
    }

    /// The scores, sorted by metric.
    public let scores: [Score]
    /// The first wrong answers, at most 20.
    public let failures: [Failure]
    /// Wall seconds of the run.
    public let seconds: Double
    /// Where the expected answers come from; nil in older evidence.
    public let expectations: Expectations?
    /// What a reader should know beside the scores, one sentence each; nil for nothing, and in older evidence.
    public let notes: [String]?
    /// The revision of the metrics; nil for the first.
    public let rulesRevision: Int?

    /// A result.
    public init(
        scores: [Score],
        failures: [Failure],
        seconds: Double,
        expectations: Expectations? = nil,
        notes: [String]? = nil,
        rulesRevision: Int? = nil
    ) {
        self.scores = scores.sorted { $0.metric < $1.metric }
        self.failures = Array(failures.prefix(20))
        self.seconds = seconds
        self.expectations = expectations
        self.notes = notes
        self.rulesRevision = rulesRevision
    }

    /// The score of `metric`, when it was measured.
    public func score(of metric: String) -> Score? { scores.first { $0.metric == metric } }
}
