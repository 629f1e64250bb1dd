
/// One message of a conversation as an application sends it.
public struct ChatMessage: Hashable, Sendable, Codable {
    /// Who speaks: `system`, `user` or `assistant`.
    public let role: PromptMessage.Role
    /// What is said; never read as special tokens.
    public let text: String

    /// A message.
    public init(role: PromptMessage.Role, text: String) {
        self.role = role
        self.text = text
    }
}
