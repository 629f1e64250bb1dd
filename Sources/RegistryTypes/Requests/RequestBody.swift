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

    /// Makes the value from its fields.
    public init(
        variables: [String: String] = [:],
        messages: [ChatMessage]? = nil,
        settings: [String: JSONValue] = [:],
        answers: [String] = [],
        answerTokens: [Int]? = nil,
        redactions: [String: Int] = [:]
    ) {
        self.variables = variables
        self.messages = messages
        self.settings = settings
        self.answers = answers
        self.answerTokens = answerTokens
        self.redactions = redactions
    }
}
