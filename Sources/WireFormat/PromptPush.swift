/// Pushes a version of a prompt.
public struct PromptPush: Hashable, Sendable, Codable {
    /// The document, as YAML.
    public let source: String
    /// What its author says.
    public let message: String?

    /// Makes the value from its fields.
    public init(source: String, message: String? = nil) {
        self.source = source
        self.message = message
    }
}
