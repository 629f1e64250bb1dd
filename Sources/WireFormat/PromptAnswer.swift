public import RegistryRecords

/// A pushed prompt.
public struct PromptAnswer: Hashable, Sendable, Codable {
    /// The version.
    public let prompt: PromptRecord
    /// False when the newest version already says the same.
    public let created: Bool

    /// Makes the value from its fields.
    public init(prompt: PromptRecord, created: Bool) {
        self.prompt = prompt
        self.created = created
    }
}
