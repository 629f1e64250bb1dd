public import Digests
public import RegistryTypes

/// A stage that is added to a canary that did not decide: its pairs, and as many more as make ``requests`` in all.
public struct CanaryExtension: Hashable, Sendable, Codable {
    /// The canary that did not decide.
    public let canary: CanaryID
    /// Pairs in all.
    public let requests: Int

    /// A stage that is added to `canary`.
    public init(of canary: CanaryID, to requests: Int) {
        self.canary = canary
        self.requests = requests
    }
}

/// A canary was asked for.
public struct CanaryStarted: EventBody {
    public static let kind = "canary.started"

    /// The canary.
    public let id: CanaryID
    /// The release under test.
    public let candidate: ReleaseID
    /// The release it is compared with.
    public let baseline: ReleaseID
    /// The traffic set.
    public let traffic: Name
    /// The digest of that set.
    public let trafficDigest: Digest
    /// The canary document.
    public let document: Name
    /// The digest of that document.
    public let documentDigest: Digest
    /// Pairs to compare, without an extension.
    public let requests: Int
    /// The seed of the order and the coins.
    public let seed: UInt64
    /// The run that it goes on from; nil for one that begins anew.
    public let extends: CanaryExtension?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: CanaryID,
        candidate: ReleaseID,
        baseline: ReleaseID,
        traffic: Name,
        trafficDigest: Digest,
        document: Name,
        documentDigest: Digest,
        requests: Int,
        seed: UInt64,
        extends: CanaryExtension? = nil
    ) {
        self.id = id
        self.candidate = candidate
        self.baseline = baseline
        self.traffic = traffic
        self.trafficDigest = trafficDigest
        self.document = document
        self.documentDigest = documentDigest
        self.requests = requests
        self.seed = seed
        self.extends = extends
    }
}

/// A canary has a verdict.
public struct CanaryJudged: EventBody {
    public static let kind = "canary.judged"

    /// The canary.
    public let id: CanaryID
    /// What it found.
    public let verdict: Verdict
    /// The deciding reason.
    public let summary: String
    /// The blob of its report.
    public let evidence: Digest
    /// The size of that blob in bytes; nil in a record, as only the table of blobs keeps it.
    public var evidenceSizeBytes: Int64?
    /// Requests that would probably decide an inconclusive run.
    public let requestsNeeded: Int?
    /// The names of the deciding checks that failed or are marginal, in the order of the document.
    public let failedChecks: [String]
    /// By which meaning of the metrics it was judged; nil in entries of before that was kept.
    public let rulesRevision: Int?
    /// Pairs that were enough; nil in entries of before that was kept, which compared all that was asked for.
    public let pairs: Int?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: CanaryID,
        verdict: Verdict,
        summary: String,
        evidence: Digest,
        evidenceSizeBytes: Int64?,
        requestsNeeded: Int? = nil,
        failedChecks: [String],
        rulesRevision: Int? = nil,
        pairs: Int? = nil
    ) {
        self.rulesRevision = rulesRevision
        self.pairs = pairs
        self.id = id
        self.verdict = verdict
        self.summary = summary
        self.evidence = evidence
        self.evidenceSizeBytes = evidenceSizeBytes
        self.requestsNeeded = requestsNeeded
        self.failedChecks = failedChecks
    }
}

/// A canary ended without a verdict.
public struct CanaryStopped: EventBody {
    public static let kind = "canary.stopped"

    /// The canary.
    public let id: CanaryID
    /// Why.
    public let reason: String

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(id: CanaryID, reason: String) {
        self.id = id
        self.reason = reason
    }
}

extension CanaryExtension {
    /// Whether a canary goes on from an earlier one: that was judged, compared the same in the same order, and is shorter.
    public func leads(from earlier: CanaryRecord, to later: CanaryStarted) -> Bool {
        let before = earlier.event
        return earlier.state == .judged && before.candidate == later.candidate && before.baseline == later.baseline
            && before.trafficDigest == later.trafficDigest && before.documentDigest == later.documentDigest
            && before.seed == later.seed && before.requests == later.requests && requests > later.requests
    }
}

/// How far a canary is.
public enum CanaryState: String, Codable, Sendable, CaseIterable {
    /// Waits for its turn, or runs; a restart takes it up again.
    case running
    /// Has a verdict.
    case judged
    /// Could not be finished; the summary says why.
    case stopped
}

/// A canary: what it compares, how far it is and what it found.
public struct CanaryRecord: EventRecord, Codable {
    /// What became of it.
    public enum Outcome: Hashable, Sendable {
        /// Nothing yet; a restart takes it up again.
        case running
        /// A verdict.
        case judged(CanaryJudged)
        /// It could not be finished, for this reason.
        case stopped(String)
    }

    /// The event that made it.
    public let event: CanaryStarted
    /// What became of it.
    public let outcome: Outcome
    /// Who asked for it.
    public let startedBy: String
    /// When.
    public let startedAt: Timestamp
    /// When it was judged or stopped.
    public let finishedAt: Timestamp?

    /// Makes the value from its events.
    public init(
        _ event: CanaryStarted,
        outcome: Outcome = .running,
        startedBy: String,
        startedAt: Timestamp,
        finishedAt: Timestamp? = nil
    ) {
        self.event = event
        self.outcome = outcome
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    /// How far it is.
    public var state: CanaryState {
        switch outcome {
        case .running: .running
        case .judged: .judged
        case .stopped: .stopped
        }
    }

    /// The deciding reason, or why it stopped.
    public var summary: String? {
        switch outcome {
        case .running: nil
        case .judged(let judged): judged.summary
        case .stopped(let reason): reason
        }
    }

    /// What it found; nil until judged.
    public var verdict: Verdict? { judged?.verdict }
    /// The blob of its report; nil until judged.
    public var evidence: Digest? { judged?.evidence }
    /// Requests that would probably decide an inconclusive run.
    public var requestsNeeded: Int? { judged?.requestsNeeded }
    /// The names of the deciding checks that failed or are marginal.
    public var failedChecks: [String] { judged?.failedChecks ?? [] }

    /// By which meaning of the metrics it was judged; nil until judged, and in entries of before that was kept.
    public var rulesRevision: Int? { judged?.rulesRevision }

    /// Pairs that were compared, where fewer were enough than were asked for; nil where all of them were, and until judged.
    public var pairsEnough: Int? { judged?.pairs.flatMap { $0 < event.requests ? $0 : nil } }

    /// Pairs that were compared, where the run extended beyond those that were asked for.
    public var pairsExtended: Int? { judged?.pairs.flatMap { $0 > event.requests ? $0 : nil } }

    private var judged: CanaryJudged? { if case .judged(let judged) = outcome { judged } else { nil } }

    private enum CodingKeys: String, CodingKey { case state, summary, failedChecks, startedBy, startedAt, finishedAt }

    public init(from decoder: any Decoder) throws {
        let own = try decoder.container(keyedBy: CodingKeys.self)
        event = try CanaryStarted(from: decoder)
        outcome =
            switch try own.decode(CanaryState.self, forKey: .state) {
            case .running: .running
            case .judged: .judged(try CanaryJudged(from: decoder))
            case .stopped: .stopped(try own.decode(String.self, forKey: .summary))
            }
        startedBy = try own.decode(String.self, forKey: .startedBy)
        startedAt = try own.decode(Timestamp.self, forKey: .startedAt)
        finishedAt = try own.decodeIfPresent(Timestamp.self, forKey: .finishedAt)
    }

    public func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        try judged?.encode(to: encoder)
        var own = encoder.container(keyedBy: CodingKeys.self)
        try own.encode(state, forKey: .state)
        try own.encodeIfPresent(summary, forKey: .summary)
        try own.encode(failedChecks, forKey: .failedChecks)
        try own.encode(startedBy, forKey: .startedBy)
        try own.encode(startedAt, forKey: .startedAt)
        try own.encodeIfPresent(finishedAt, forKey: .finishedAt)
    }
}
