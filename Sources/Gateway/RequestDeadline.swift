public import ReleaseRuntime
public import UserDocuments

/// How long a request may take, and who said so.
public struct RequestDeadline: Hashable, Sendable {
    /// Who decides about the time.
    public enum Owner: Hashable, Sendable {
        /// The request, by its header.
        case client
        /// The key it came with.
        case key
        /// The prompt of the release that answers.
        case release
        /// Nobody else: the server's own rule.
        case server
    }

    /// A limit to the first token and between tokens, or to the end where ``idleSeconds`` is nil.
    private struct Usual: Hashable, Sendable {
        let seconds: Double
        let idleSeconds: Double?
    }

    /// Who said it.
    public let owner: Owner
    /// Seconds from arrival to the end of the answer; for a stream with ``idleSeconds``, to its first token.
    public let seconds: Double
    /// Seconds between two tokens of a stream that is not limited as a whole; nil where ``seconds`` is the limit.
    public let idleSeconds: Double?
    /// The most seconds that a request may ask for at this server.
    public let maxSeconds: Double
    /// Whether the client or its key allows less than the release would have been given without them: what it then does
    /// not get says nothing of the service.
    public private(set) var isShortened: Bool
    /// What the release is given where neither the request nor its key says anything.
    private let usual: Usual

    /// Decides about a request. What it asks for itself comes first, then its key, then the prompt; a stream about which
    /// nobody says anything goes on as long as its tokens come.
    ///
    /// - Parameters:
    ///   - asked: Seconds that the request asks for.
    ///   - key: Seconds that its key allows.
    ///   - prompt: The prompt that answers.
    /// - Throws: ``GatewayError/invalid(_:param:)`` for more than the server allows: less than what was asked for would
    ///   look like an answer that broke off.
    public init(
        asked: Double?,
        key: Double?,
        prompt: PromptDocument,
        isStreamed: Bool,
        _ limits: GatewayDeadlines
    ) throws(GatewayError) {
        let max = limits.maxSeconds
        let own: (owner: Owner, seconds: Double, idle: Double?)
        if let seconds = prompt.deadlineSeconds {
            own = (.release, min(seconds, max), nil)
        } else {
            own = (.server, min(limits.seconds, max), isStreamed ? limits.idleSeconds : nil)
        }
        usual = Usual(seconds: own.seconds, idleSeconds: own.idle)
        maxSeconds = max
        if let asked, asked > max {
            throw .invalid(
                "x-serin-deadline-ms asks for \(ShownText.seconds(asked)) s and this server allows at most "
                    + "\(ShownText.seconds(max)) s: send less, or start it with a larger --max-deadline",
                param: nil
            )
        }
        if let asked {
            (owner, seconds, idleSeconds) = (.client, asked, nil)
        } else if let key {
            (owner, seconds, idleSeconds) = (.key, min(key, max), nil)
        } else {
            (owner, seconds, idleSeconds) = own
        }
        let isOfCaller = asked != nil || key != nil
        isShortened = isOfCaller && (seconds < own.seconds || own.idle != nil)
    }

    /// The same deadline as it passes: a release that gave nothing for as long as it usually may is late, however long its
    /// caller would have waited.
    ///
    /// - Parameters:
    ///   - elapsed: Seconds since the arrival.
    ///   - firstToken: Seconds from the arrival to the first token; nil before it.
    ///   - longestGap: Seconds of the longest pause since then, the one that goes on included.
    func passing(at elapsed: Double, firstToken: Double?, longestGap: Double) -> RequestDeadline {
        var passed = self
        let isUsual: Bool
        if let idle = usual.idleSeconds {
            isUsual = firstToken.map { $0 >= usual.seconds || longestGap >= idle } ?? (elapsed >= usual.seconds)
        } else {
            isUsual = elapsed >= usual.seconds
        }
        if isUsual { passed.isShortened = false }
        return passed
    }

    /// When the answer is of no more use, for a request that came at `arrival`.
    public func end(from arrival: ContinuousClock.Instant) -> AnswerDeadline {
        AnswerDeadline(
            end: arrival.advanced(by: .seconds(seconds)),
            idle: idleSeconds.map { .seconds($0) },
            last: arrival.advanced(by: .seconds(idleSeconds == nil ? seconds : maxSeconds))
        )
    }
}

/// What a server allows of time.
public struct GatewayDeadlines: Hashable, Sendable {
    /// Seconds from arrival to the end of an answer, to the first token of a stream, where nobody says otherwise.
    public var seconds: Double
    /// Seconds between two tokens of a stream where nobody says otherwise.
    public var idleSeconds: Double
    /// The most seconds that anybody may ask for.
    public var maxSeconds: Double

    /// What is usual: a minute, and an hour for who asks for it.
    public init(seconds: Double = 60, idleSeconds: Double = 60, maxSeconds: Double = 3600) {
        self.seconds = seconds
        self.idleSeconds = idleSeconds
        self.maxSeconds = maxSeconds
    }
}
