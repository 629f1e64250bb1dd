/// Pushes a version of a prompt.
public struct PromptPush: Hashable, Sendable, Codable {
    /// The document, as YAML.
    public let source: String
    /// What its author says.
    public let message: String?

    /// Pushes a version of a prompt, with all its fields.
    public init(source: String, message: String? = nil) {
        self.source = source
        self.message = message
    }
}
