public import Digests
public import RegistryTypes
public import UserDocuments

/// The frozen evidence of a canary: what was compared, what was found, and how to find it again.
public struct CanaryReport: Hashable, Sendable, Codable {
    /// What one side answered.
    public struct Side: Hashable, Sendable, Codable {
        /// The answer; nil when nothing came.
        public let text: String?
        /// What was thought before it; nil when nothing was.
        public let thinking: String?
        /// The tools that it calls; nil when none.
        public let calls: [ToolCall]?
        /// Why nothing came; nil when something did.
        public let error: String?
        /// Output tokens.
        public let outputTokens: Int?

        /// An answer of one side.
        public init(
            text: String?,
            thinking: String? = nil,
            calls: [ToolCall]? = nil,
            error: String?,
            outputTokens: Int?
        ) {
            self.text = text
            self.thinking = thinking
            self.calls = calls
            self.error = error
            self.outputTokens = outputTokens
        }
    }

    /// A request that the two releases answered differently.
    public struct Pair: Hashable, Sendable, Codable {
        /// The request's id in the traffic set.
        public let request: String
        /// What was asked, as the user wrote it.
        public let input: String
        /// What should have come, when the set says so.
        public let expected: String?
        /// Where that comes from; nil where the set itself said it.
        public let expectedFrom: ExpectationSource?
        /// The baseline's answer.
        public let baseline: Side
        /// The candidate's answer.
        public let candidate: Side
        /// The metrics on which the candidate was worse.
        public let worse: [String]

        /// A pair of answers.
        public init(
            request: String,
            input: String,
            expected: String?,
            expectedFrom: ExpectationSource? = nil,
            baseline: Side,
            candidate: Side,
            worse: [String]
        ) {
            self.request = request
            self.input = input
            self.expected = expected
            self.expectedFrom = expectedFrom
            self.baseline = baseline
            self.candidate = candidate
            self.worse = worse
        }
    }

    /// How the run was made: all that is needed to make it again.
    public struct RunRecord: Hashable, Sendable, Codable {
        /// The numerics of the engine: equal numerics give equal bits.
        public let engineNumerics: Int
        /// The instruction set the engine used; it does not change the answers.
        public let instructionSet: String
        /// The build of serin.
        public let build: String
        /// The seed of the order and of the coin within each pair.
        public let seed: UInt64
        /// The digest of the traffic set.
        public let trafficDigest: Digest
        /// The digest of the canary document.
        public let documentDigest: Digest
        /// The digest of the baseline's content.
        public let baselineDigest: Digest
        /// The digest of the candidate's content.
        public let candidateDigest: Digest
        /// Pairs in which the baseline ran first.
        public let baselineFirst: Int
        /// Warm-up requests that were thrown away.
        public let warmUp: Int
        /// Wall seconds from start to verdict, without the time the server was down.
        public let seconds: Double
        /// Times the run was taken up again after a stop.
        public let resumed: Int
        /// The revision of the metrics and of the judge's rules: equal samples give equal verdicts under equal ones. nil for
        /// the first.
        public let rulesRevision: Int?

        /// A record of a run.
        public init(
            engineNumerics: Int,
            instructionSet: String,
            build: String,
            seed: UInt64,
            trafficDigest: Digest,
            documentDigest: Digest,
            baselineDigest: Digest,
            candidateDigest: Digest,
            baselineFirst: Int,
            warmUp: Int,
            seconds: Double,
            resumed: Int,
            rulesRevision: Int? = nil
        ) {
            self.engineNumerics = engineNumerics
            self.instructionSet = instructionSet
            self.build = build
            self.seed = seed
            self.trafficDigest = trafficDigest
            self.documentDigest = documentDigest
            self.baselineDigest = baselineDigest
            self.candidateDigest = candidateDigest
            self.baselineFirst = baselineFirst
            self.warmUp = warmUp
            self.seconds = seconds
            self.resumed = resumed
            self.rulesRevision = rulesRevision
        }
    }

    /// The canary.
    public let canary: CanaryID
    /// The candidate release.
    public let candidate: ReleaseID
    /// The baseline release.
    public let baseline: ReleaseID
    /// The traffic set.
    public let traffic: Name
    /// Pairs compared.
    public let requests: Int
    /// The verdict and the checks.
    public let judgment: Judgment
    /// Requests with different answers.
    public let different: Int
    /// The pairs with most degradation first, at most 20.
    public let worstPairs: [Pair]
    /// How the run was made.
    public let run: RunRecord
    /// Where the expected answers come from; nil in older evidence.
    public let expectations: Expectations?
    /// Conversations that the requests are of, one without others counting as one; nil where each stands alone, and in older
    /// evidence, which took each for one that does.
    public let conversations: Int?

    /// A report.
    public init(
        canary: CanaryID,
        candidate: ReleaseID,
        baseline: ReleaseID,
        traffic: Name,
        requests: Int,
        judgment: Judgment,
        different: Int,
        worstPairs: [Pair],
        run: RunRecord,
        expectations: Expectations? = nil,
        conversations: Int? = nil
    ) {
        self.conversations = conversations
        self.canary = canary
        self.candidate = candidate
        self.baseline = baseline
        self.traffic = traffic
        self.requests = requests
        self.judgment = judgment
        self.different = different
        self.worstPairs = worstPairs
        self.run = run
        self.expectations = expectations
    }
}

extension CanaryReport.Side {
    /// What it says and calls, for reading; nil when nothing came.
    public var said: String? {
        guard let text, let calls else { return text }
        return ((text.isEmpty ? [] : [text]) + calls.map { "calls \($0.line)" }).joined(separator: "\n")
    }
}

/// The verdict of a canary and everything it rests on.
public struct Judgment: Hashable, Sendable, Codable {
    /// What the run concluded.
    public var verdict: Verdict
    /// Why, one sentence each, the deciding one first.
    public var reasons: [String]
    /// The checks, in the order of the canary document.
    public var checks: [CheckResult]
    /// The chance of failing a candidate without degradation, over all deciding checks together.
    public let alphaFail: Double
    /// Checks of the document that do not apply to the traffic set, with what decided in their place; nil for none.
    public var unapplied: [UnappliedCheck]?
    /// How often the run was looked at; nil where it was judged once, at its end, and in older evidence.
    public var looks: LookRecord?
    /// What the checks found slice by slice, what is flagged first; nil where no slices were declared.
    public var slices: [SliceResult]?
    /// Checks whose effect is not the same in all slices; nil where no slices were declared.
    public var uneven: [UnevenCheck]?

    /// A judgment.
    public init(
        verdict: Verdict,
        reasons: [String],
        checks: [CheckResult],
        alphaFail: Double,
        unapplied: [UnappliedCheck]? = nil
    ) {
        self.verdict = verdict
        self.reasons = reasons
        self.checks = checks
        self.alphaFail = alphaFail
        self.unapplied = unapplied
    }

    /// Requests in all that would probably decide; nil when the run is decided, or when a check is open that no number of
    /// requests is known to decide: then no number decides the run.
    public var requestsNeeded: Int? {
        let open = checks.filter { !$0.watchOnly && $0.verdict == .inconclusive }
        let needed = open.compactMap(\.requestsNeeded)
        return needed.count == open.count ? needed.max() : nil
    }

    /// Whether a check that should decide had nothing to compare.
    public var isWithoutEvidence: Bool {
        verdict == .inconclusive && checks.contains { !$0.watchOnly && $0.isWithoutEvidence == true }
    }
}

/// A check that could not be made on a traffic set, because its requests do not say what should come.
public struct UnappliedCheck: Hashable, Sendable, Codable {
    /// The name in the canary document.
    public let name: String
    /// The metric.
    public let metric: Metric
    /// Why it does not apply, in one sentence.
    public let reason: String
    /// The name of the check that was made in its place; nil when there was one already, or the check only watches.
    public let replacedBy: String?

    /// A check that does not apply.
    public init(name: String, metric: Metric, reason: String, replacedBy: String?) {
        self.name = name
        self.metric = metric
        self.reason = reason
        self.replacedBy = replacedBy
    }
}

extension CanaryReport {
    /// Whether a stage can be added to the run: it has no answer, and was not extended before.
    public var canExtend: Bool {
        [.inconclusive, .marginal].contains(judgment.verdict) && judgment.looks?.isExtended != true
    }

    /// Whether a deciding check of what is expected shows nothing: then the set is the place to look at.
    public var isSilentAboutExpectations: Bool {
        judgment.checks.contains {
            !$0.watchOnly && $0.isWithoutEvidence == true && $0.metric == Metric.exactMatch.rawValue
        }
    }
}
