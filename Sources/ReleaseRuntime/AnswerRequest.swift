public import RegistryTypes
import SeededRandom
public import UserDocuments

/// One request to an engine: what is asked, in which prompt, and how the answer is chosen.
public struct AnswerRequest: Sendable {
    /// What is asked.
    public enum Input: Sendable, Equatable {
        /// Values for the variables of the prompt.
        case variables([String: String])
        /// A conversation, in the format of the prompt.
        case messages([ChatMessage])

        /// What a request of a traffic set asks.
        public init(_ content: TrafficRequest.Content) {
            switch content {
            case .variables(let values): self = .variables(values)
            case .messages(let messages): self = .messages(messages)
            }
        }
    }

    /// Who comes first.
    public enum Priority: Sendable, Hashable, CaseIterable {
        /// Somebody waits for the answer.
        case live
        /// Work that leaves the processor to live requests; the times of its answers leave out the time it did.
        case background
    }

    /// The prompt that the input goes into.
    public var prompt: PromptDocument
    /// What is asked.
    public var input: Input
    /// When it was asked: the only time that the template of a model file is told, so that the same request is the same
    /// text at any later time.
    public var time: Timestamp
    /// How tokens are chosen: the release's settings with what the caller may change.
    public var decoding: DecodingSettings
    /// Decides every random choice of the first answer; see ``seed(ofChoice:)``.
    public var seed: UInt64
    /// How many answers are wanted.
    public var choices: Int
    /// How many of the most likely tokens are reported with each token; at most ``maxAlternatives``.
    public var alternatives: Int
    /// Who comes first.
    public var priority: Priority
    /// Who asked, such as the name of a key: of live requests that wait, each caller has its turn. Empty for the server.
    public var caller: String
    /// When the answer is of no more use; nil for never.
    public var deadline: AnswerDeadline?
    /// Whether the caller hears of the start and of tokens as they come. Without, it hears of the ends of answers alone,
    /// which saves waking it for each.
    public var reportsTokens: Bool

    /// The tools that the model may call, as a JSON array of OpenAI's shape; nil for none. Only prompts in the model
    /// file's own template take them.
    public var tools: String?

    /// The time of requests that nobody sent, such as those of a suite: noon of 1 January 2025, UTC. One time for all of
    /// them, so that a canary of today and one of next year compare the same texts.
    public static let untimed = Timestamp(milliseconds: 1_735_732_800_000)

    /// The deepest nesting of ``tools``, and of the arguments of calls that are sent back.
    public static let maxToolDepth = 48

    /// The most alternatives that are reported with a token.
    public static let maxAlternatives = 20

    /// A request for one answer unless told otherwise.
    public init(
        prompt: PromptDocument,
        input: Input,
        time: Timestamp = untimed,
        decoding: DecodingSettings,
        seed: UInt64 = 0,
        choices: Int = 1,
        alternatives: Int = 0,
        priority: Priority = .live,
        caller: String = "",
        deadline: AnswerDeadline? = nil,
        reportsTokens: Bool = true,
        tools: String? = nil
    ) {
        self.prompt = prompt
        self.input = input
        self.time = time
        self.decoding = decoding
        self.seed = seed
        self.choices = choices
        self.alternatives = alternatives
        self.priority = priority
        self.caller = caller
        self.deadline = deadline
        self.reportsTokens = reportsTokens
        self.tools = tools
    }

    /// Bytes of what is asked.
    var byteCount: Int {
        let tools = tools?.utf8.count ?? 0
        return switch input {
        case .variables(let values): values.reduce(tools) { $0 + $1.value.utf8.count }
        case .messages(let messages): messages.reduce(tools) { $0 + $1.byteCount }
        }
    }

    /// The seed of a choice: the request's own for choice 0, so that its answer is the one that a request for a single
    /// answer gets; for choice k the k-th number of SplitMix64 (Steele et al., 2014) started at that seed.
    public func seed(ofChoice choice: Int) -> UInt64 {
        choice > 0 ? SplitMix64.number(choice, ofSeed: seed) : seed
    }
}

/// When an answer is of no more use.
public struct AnswerDeadline: Sendable, Hashable {
    /// When it must be complete; with ``idle``, when its first token must be there.
    public var end: ContinuousClock.Instant
    /// How long after a token the next one may come; nil where ``end`` is the end of all.
    public var idle: Duration?
    /// When it must be complete, however well its tokens come.
    public var last: ContinuousClock.Instant

    /// A deadline; without more, one for the whole of the answer.
    public init(end: ContinuousClock.Instant, idle: Duration? = nil, last: ContinuousClock.Instant? = nil) {
        self.end = end
        self.idle = idle
        self.last = last ?? end
    }

    /// Whether it passed for an answer whose last token so far came at `token`; nil when it has none.
    func isPassed(at now: ContinuousClock.Instant, token: ContinuousClock.Instant?) -> Bool {
        guard now < last else { return true }
        guard let idle, let token else { return now >= end }
        return now >= max(end, token + idle)
    }
}
