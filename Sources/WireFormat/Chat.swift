public import RegistryTypes

/// One request to a model.
public struct ChatRequest: Hashable, Sendable, Codable {
    /// Which release answers.
    public let release: ReleaseChoice
    /// The values of the prompt's variables.
    public let variables: [String: String]
    /// The value of the prompt's only required variable, instead of `variables`.
    public let text: String?
    /// The seed of sampling; 0 when nil.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(release: ReleaseChoice, variables: [String: String], text: String? = nil, seed: UInt64? = nil) {
        self.release = release
        self.variables = variables
        self.text = text
        self.seed = seed
    }
}

/// An answer of a model.
public struct ChatAnswer: Hashable, Sendable, Codable {
    /// The answer.
    public let text: String
    /// Why it ended: `stop` or `length`.
    public let finish: String
    /// The release that answered; nil where the prompt or the settings asked for are those of no release.
    public let release: ReleaseID?
    /// Its version.
    public let version: VersionID
    /// Its prompt.
    public let prompt: VersionID
    /// Tokens of the rendered prompt.
    public let promptTokens: Int
    /// Tokens of the answer.
    public let outputTokens: Int
    /// Seconds to the first token; nil without one.
    public let firstTokenSeconds: Double?
    /// Mean seconds per further token; nil with fewer than two.
    public let perTokenSeconds: Double?
    /// Seconds in all.
    public let totalSeconds: Double
    /// Where the answer breaks the prompt's schema; empty when it fits, there is none, or the answer was cut short.
    public let problems: [String]
    /// Whether the answer has the form that is wanted of it; nil where that is not known.
    public let isOutputValid: Bool?
    /// How tokens were chosen where no release answered; nil where one did.
    public let settings: DecodingSettings?
    /// What was thought before the answer; nil when nothing was.
    public let thinking: String?
    /// The tools that the answer calls; nil when none.
    public let calls: [ToolCall]?

    /// Makes the value from its fields.
    public init(
        text: String,
        finish: String,
        release: ReleaseID?,
        version: VersionID,
        prompt: VersionID,
        promptTokens: Int,
        outputTokens: Int,
        firstTokenSeconds: Double? = nil,
        perTokenSeconds: Double? = nil,
        totalSeconds: Double,
        problems: [String],
        isOutputValid: Bool? = nil,
        settings: DecodingSettings? = nil,
        thinking: String? = nil,
        calls: [ToolCall]? = nil
    ) {
        self.text = text
        self.finish = finish
        self.release = release
        self.version = version
        self.prompt = prompt
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.firstTokenSeconds = firstTokenSeconds
        self.perTokenSeconds = perTokenSeconds
        self.totalSeconds = totalSeconds
        self.problems = problems
        self.isOutputValid = isOutputValid
        self.settings = settings
        self.thinking = thinking
        self.calls = calls
    }
}

/// A line of a streamed answer: a further piece of it, or its end. A stream without an end was cut off.
public enum ChatEvent: Hashable, Sendable, Codable {
    /// Text that is now certainly part of the answer.
    case text(String)
    /// Text that is now certainly part of the thinking before the answer.
    case thinking(String)
    /// The whole answer; nothing comes after it.
    case answer(ChatAnswer)
    /// Why there will be no more; nothing comes after it.
    case problem(Problem)

    /// What a client accepts that wants an answer in lines of JSON, as it is generated.
    public static let contentType = "application/x-ndjson"

    private enum CodingKeys: String, CodingKey, CaseIterable { case text, thinking, answer, problem }

    /// Reads the one member that an event has.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            self = .text(text)
        } else if let text = try container.decodeIfPresent(String.self, forKey: .thinking) {
            self = .thinking(text)
        } else if let answer = try container.decodeIfPresent(ChatAnswer.self, forKey: .answer) {
            self = .answer(answer)
        } else {
            self = .problem(try container.decode(Problem.self, forKey: .problem))
        }
    }

    /// Writes the event as an object of one member.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .text(let text): try container.encode(text, forKey: .text)
        case .thinking(let text): try container.encode(text, forKey: .thinking)
        case .answer(let answer): try container.encode(answer, forKey: .answer)
        case .problem(let problem): try container.encode(problem, forKey: .problem)
        }
    }
}
