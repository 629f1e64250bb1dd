/// What the chat template in a weights file does, found by rendering short conversations through it.
public struct TemplateSummary: Hashable, Sendable, Codable {
    /// What is known of thinking: when the model is asked to think before it answers.
    public enum Thinking: String, Codable, Sendable, CaseIterable {
        /// A prompt can turn it on and off; without a word of it, it is on.
        case onUnlessOff
        /// A prompt can turn it on and off; without a word of it, it is off.
        case offUnlessOn
        /// The template writes or expects thinking, and nothing turns it off.
        case always
    }

    /// Why the template cannot be used; nil when it can.
    public let problem: String?
    /// The roles whose messages appear in the text, of `system`, `user`, `assistant` and `tool`.
    public let roles: [String]
    /// What it says as the system when nobody else does, shortened; nil when it says nothing.
    public let defaultSystemMessage: String?
    /// Whether tools that are offered appear in the text.
    public let listsTools: Bool
    /// The family in whose manner calls of tools are written; nil when none that is known here.
    public let toolCalls: String?
    /// When the model thinks before it answers; nil when the template knows nothing of it.
    public let thinking: Thinking?

    /// Makes the value from its fields.
    public init(
        problem: String? = nil,
        roles: [String] = [],
        defaultSystemMessage: String? = nil,
        listsTools: Bool = false,
        toolCalls: String? = nil,
        thinking: Thinking? = nil
    ) {
        self.problem = problem
        self.roles = roles
        self.defaultSystemMessage = defaultSystemMessage
        self.listsTools = listsTools
        self.toolCalls = toolCalls
        self.thinking = thinking
    }
}
