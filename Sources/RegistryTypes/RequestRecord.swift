/// What is known of one request without its texts: one row of the traffic log.
public struct RequestRecord: Hashable, Sendable, Codable {
    /// Its number.
    public let id: RequestID
    /// When it ended, by the server's clock.
    public let time: Timestamp
    /// The model.
    public let model: Name
    /// The reference as the caller wrote it, such as `ticket-bot@staging`.
    public let asked: String
    /// The channel that was asked for; nil when a release or a version was named.
    public let channel: Name?
    /// The number of the release that answered, or would have; ``noRelease`` where what answered is none.
    public let release: Int
    /// The number of its version.
    public let version: Int
    /// Its prompt version.
    public let prompt: VersionID
    /// Why that release answered.
    public let arm: TrafficArm
    /// What the request was made for.
    public let source: RequestSource
    /// The name of the key it came with.
    public let key: Name
    /// A keyed hash of the user or conversation the caller named, 16 hexadecimal digits; nil when none was named.
    public let unit: String?
    /// Whether the answer was streamed.
    public let isStreamed: Bool
    /// What became of it.
    public let outcome: RequestOutcome
    /// The HTTP status of the answer, or what it would have been for a client that left.
    public let status: Int
    /// `stop` or `length`; nil without an answer.
    public let finish: String?
    /// Tokens of the rendered prompt; nil when it was never rendered.
    public let promptTokens: Int?
    /// Tokens generated, over all choices; nil when nothing was.
    public let outputTokens: Int?
    /// Seconds from arrival to the start of the work.
    public let queueSeconds: Double?
    /// Seconds from arrival to the first token.
    public let firstTokenSeconds: Double?
    /// Mean seconds for each further token; nil with fewer than two.
    public let perTokenSeconds: Double?
    /// The longest pause between two tokens, in seconds.
    public let longestGapSeconds: Double?
    /// Seconds from arrival to the end.
    public let totalSeconds: Double
    /// Whether the answer fits the prompt's schema, or is JSON where JSON was asked for; of several answers the first,
    /// which is the one that a request for one gets. Nil where neither applies, and where it was cut short.
    public let isOutputValid: Bool?
    /// Whether the request asked for something else than the release as it is: other sampling, a system message of its
    /// own, tools, JSON where the prompt wants none; nil for requests of builds that did not tell.
    public let changesRelease: Bool?
    /// Whether the request may have cut its answer short itself: by a limit of its own that ended it, or with stop texts
    /// of its own; nil for requests of builds that did not tell.
    public let isCutByRequest: Bool?
    /// Mean natural logarithm of the probability of the answer's tokens.
    public let meanLogProbability: Double?
    /// The seed.
    public let seed: UInt64
    /// What is kept of it.
    public let capture: CapturePolicy
    /// Its deadline, and what its answer was made of; nil in records of older builds, and where it was refused before.
    public let terms: RequestTerms?
    /// Why there is no answer, without words of the caller: those are in ``RequestBody/reason``, where texts are kept.
    public let reason: String?

    /// Makes the value from its fields.
    public init(
        id: RequestID,
        time: Timestamp,
        model: Name,
        asked: String,
        channel: Name? = nil,
        release: Int,
        version: Int,
        prompt: VersionID,
        arm: TrafficArm,
        source: RequestSource = .user,
        key: Name,
        unit: String? = nil,
        isStreamed: Bool = false,
        outcome: RequestOutcome,
        status: Int,
        finish: String? = nil,
        promptTokens: Int? = nil,
        outputTokens: Int? = nil,
        queueSeconds: Double? = nil,
        firstTokenSeconds: Double? = nil,
        perTokenSeconds: Double? = nil,
        longestGapSeconds: Double? = nil,
        totalSeconds: Double,
        isOutputValid: Bool? = nil,
        changesRelease: Bool? = nil,
        isCutByRequest: Bool? = nil,
        meanLogProbability: Double? = nil,
        seed: UInt64 = 0,
        capture: CapturePolicy,
        terms: RequestTerms? = nil,
        reason: String? = nil
    ) {
        self.id = id
        self.time = time
        self.model = model
        self.asked = asked
        self.channel = channel
        self.release = release
        self.version = version
        self.prompt = prompt
        self.arm = arm
        self.source = source
        self.key = key
        self.unit = unit
        self.isStreamed = isStreamed
        self.outcome = outcome
        self.status = status
        self.finish = finish
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.queueSeconds = queueSeconds
        self.firstTokenSeconds = firstTokenSeconds
        self.perTokenSeconds = perTokenSeconds
        self.longestGapSeconds = longestGapSeconds
        self.totalSeconds = totalSeconds
        self.isOutputValid = isOutputValid
        self.changesRelease = changesRelease
        self.isCutByRequest = isCutByRequest
        self.meanLogProbability = meanLogProbability
        self.seed = seed
        self.capture = capture
        self.terms = terms
        self.reason = reason
    }

    /// The number in place of a release where a version answered with a prompt and settings of which no release is made.
    public static let noRelease = 0

    /// The release as people read it: `r2`, or that it is none.
    public var releaseText: String { release == Self.noRelease ? "no release" : "r\(release)" }

    /// Whether the release's own answer is valid; nil where that is not known, and where the request changed how it was
    /// made: what somebody gets who asks for a temperature of 2, or who sends words of the model that it never said,
    /// moves no level and takes no release back.
    public var releaseValidity: Bool? { changesRelease == true || (terms?.turns ?? 1) > 1 ? nil : isOutputValid }

    /// Whether it never had its turn, for all that asked at once: turned away, or late without having begun.
    public var isOverload: Bool { outcome == .overloaded || outcome == .timedOut && queueSeconds == nil }

    /// The key whose texts may be why it ended as it did; nil where they are not: the engine failed, or it never had its
    /// turn.
    public var askingKey: Name? { outcome == .engineFailed || isOverload ? nil : key }

    /// Whether there is an answer, and it is the release's own, whole: only then does what is said or measured of it say
    /// anything of the release.
    public var showsRelease: Bool { outcome == .answered && changesRelease != true && isCutByRequest != true }
}

/// What became of a request.
public enum RequestOutcome: String, Codable, Sendable, CaseIterable {
    /// It was answered in full: the model ended, or the allowed length did.
    case answered
    /// It was wrong, and was refused before anything was generated.
    case rejected
    /// The client went away before the end.
    case clientGone
    /// The queue was full of the requests of others, or the server was stopping.
    case overloaded
    /// It was turned away, or waited too long, behind requests of its own key, while others had their turns.
    case ownLoad
    /// Its deadline passed.
    case timedOut
    /// The deadline passed that its client had set, shorter than it would have had.
    case clientDeadline
    /// The engine failed, or the release could not be loaded.
    case engineFailed

    /// Whether the request says anything about the service: what a client got wrong or gave up does not.
    public var isValidEvent: Bool {
        switch self {
        case .rejected, .clientGone, .clientDeadline, .ownLoad: false
        case .answered, .overloaded, .timedOut, .engineFailed: true
        }
    }
}

/// What a request was made for. Only ``user`` counts for service levels, rollouts and drift.
public enum RequestSource: String, Codable, Sendable, CaseIterable {
    /// An application's.
    case user
    /// A person's look: at an old request with another release, or at what was never live.
    case replay
    /// A probe of whether the server answers.
    case health
}

/// Why a request was answered by the release that answered it.
public enum TrafficArm: String, Codable, Sendable, CaseIterable {
    /// The channel points to the release.
    case live
    /// The sticky share that stays on the last settled release during a probation.
    case holdback
    /// The caller named the release or the version.
    case pinned
}

/// What is kept of a request.
public enum CapturePolicy: String, Codable, Sendable, CaseIterable, Comparable {
    /// Nothing: it only counts.
    case off
    /// Times, counts and outcome; no text.
    case metadata
    /// The texts too, after redaction.
    case redacted

    public static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    /// The lesser of what a key allows and what a request asks for: a request can only lower it.
    public func lowered(to asked: CapturePolicy?) -> CapturePolicy { min(self, asked ?? self) }

    private var rank: Int {
        switch self {
        case .off: 0
        case .metadata: 1
        case .redacted: 2
        }
    }
}
