public import StrictJSON

/// The texts of one request: what was asked and what was answered. Redacted before it is stored.
public struct RequestBody: Hashable, Sendable, Codable {
    /// The values of the prompt's variables; empty when the caller sent messages that are not one.
    public let variables: [String: String]
    /// The messages as sent, when they could not be read as variables.
    public let messages: [ChatMessage]?
    /// The settings the request changed, such as `temperature: 0.7`, as JSON numbers and texts.
    public let settings: [String: JSONValue]
    /// The answers, one for each choice.
    public let answers: [String]
    /// The token ids of the first answer; nil when redaction changed its text.
    public let answerTokens: [Int]?
    /// How many replacements of each kind redaction made, such as `EMAIL: 2`; empty before redaction.
    public let redactions: [String: Int]
    /// When it came, which is the time that its prompt was rendered for; nil in records of older builds.
    public let askedAt: Timestamp?
    /// What was thought before each answer, as far as the model's template keeps it apart; nil when nothing was.
    public let thinking: [String]?
    /// The tools that each answer called; nil when none did.
    public let calls: [[ToolCall]]?
    /// The tools that were offered, as JSON; nil when none were.
    public let tools: String?
    /// How many bytes of the answers were no UTF-8, so that the texts show U+FFFD in their place; nil when all were.
    public let invalidBytes: Int?
    /// Why there is no answer, in the words that its caller got; nil when there is one.
    public let reason: String?

    /// Makes the value from its fields.
    public init(
        variables: [String: String] = [:],
        messages: [ChatMessage]? = nil,
        settings: [String: JSONValue] = [:],
        answers: [String] = [],
        answerTokens: [Int]? = nil,
        redactions: [String: Int] = [:],
        askedAt: Timestamp? = nil,
        thinking: [String]? = nil,
        calls: [[ToolCall]]? = nil,
        tools: String? = nil,
        invalidBytes: Int? = nil,
        reason: String? = nil
    ) {
        self.variables = variables
        self.messages = messages
        self.settings = settings
        self.answers = answers
        self.answerTokens = answerTokens
        self.redactions = redactions
        self.askedAt = askedAt
        self.thinking = thinking
        self.calls = calls
        self.tools = tools
        self.invalidBytes = invalidBytes
        self.reason = reason
    }
}

/// One message of a prompt, as its author wrote it.
public struct PromptMessage: Hashable, Sendable, Codable {
    /// Who speaks in a message.
    public enum Role: String, Codable, Sendable, CaseIterable {
        /// The rules of the conversation.
        case system
        /// The person.
        case user
        /// The model, in examples.
        case assistant
    }

    /// Who speaks.
    public let role: Role
    /// The text, with `{{name}}` where a variable goes.
    public let text: String

    /// A message of a prompt.
    public init(role: Role, text: String) {
        self.role = role
        self.text = text
    }
}
