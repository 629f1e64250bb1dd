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

    /// Who said it.
    public let owner: Owner
    /// Seconds from arrival to the end of the answer; for a stream with ``idleSeconds``, to its first token.
    public let seconds: Double
    /// Seconds between two tokens of a stream that is not limited as a whole; nil where ``seconds`` is the limit.
    public let idleSeconds: Double?
    /// The most seconds that a request may ask for at this server.
    public let maxSeconds: Double
    /// Whether the client allows less than it would have got: what it then does not get says nothing of the service.
    public let isShortened: Bool

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
        let usual: (owner: Owner, seconds: Double, idle: Double?)
        if let key {
            usual = (.key, min(key, max), nil)
        } else if let seconds = prompt.deadlineSeconds {
            usual = (.release, min(seconds, max), nil)
        } else {
            usual = (.server, min(limits.seconds, max), isStreamed ? limits.idleSeconds : nil)
        }
        maxSeconds = max
        guard let asked else {
            (owner, seconds, idleSeconds, isShortened) = (usual.owner, usual.seconds, usual.idle, false)
            return
        }
        guard asked <= max else {
            throw .invalid(
                "x-serin-deadline-ms asks for \(ShownText.seconds(asked)) s and this server allows at most "
                    + "\(ShownText.seconds(max)) s: send less, or start it with a larger --max-deadline",
                param: nil
            )
        }
        (owner, seconds, idleSeconds, isShortened) = (.client, asked, nil, asked < usual.seconds || usual.idle != nil)
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
