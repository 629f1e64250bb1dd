/// The one thing to do next.
public struct DriftAction: Hashable, Sendable, Codable {
    /// What, in one sentence.
    public let sentence: String
    /// The command that does it.
    public let command: String

    /// Makes the value from its fields.
    public init(
        sentence: String,
        command: String
    ) {
        self.sentence = sentence
        self.command = command
    }
}
