/// A run of tokens that both answers share, or that one of them has.
public struct TokenDifference: Hashable, Sendable, Codable {
    /// Whose they are.
    public let mark: Mark
    /// The tokens as text.
    public let text: String
    /// How many they are.
    public let tokens: Int

    /// Makes the value from its fields.
    public init(mark: Mark, text: String, tokens: Int) {
        self.mark = mark
        self.text = text
        self.tokens = tokens
    }

    /// Whose tokens they are.
    public enum Mark: String, Codable, Sendable {
        /// Both answers have them.
        case same
        /// Only the captured answer has them.
        case removed
        /// Only the new answer has them.
        case added
    }
}
