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
