public import RegistryTypes

/// Asks for a captured request to be answered again.
public struct ReplayRequest: Hashable, Sendable, Codable {
    /// The release to answer with; nil means the one that answered.
    public let on: ReleaseChoice?

    /// Makes the value from its fields.
    public init(on: ReleaseChoice? = nil) {
        self.on = on
    }
}

/// A captured request answered again.
public struct ReplayAnswer: Hashable, Sendable, Codable {
    /// The captured request.
    public let record: RequestRecord
    /// Its texts.
    public let body: RequestBody
    /// The release that answered now; nil where the prompt or the settings asked for are those of no release.
    public let release: ReleaseID?
    /// Its version.
    public let version: VersionID
    /// Its prompt.
    public let prompt: VersionID
    /// The new answer.
    public let answer: ChatAnswer
    /// Whether the texts are the same, byte for byte.
    public let isSame: Bool
    /// The two answers token by token, in order.
    public let differences: [TokenDifference]
    /// Why the two may differ without any change of the model, such as redaction or an answer that was cut short then; nil
    /// when nothing of the kind applies.
    public let note: String?

    /// Makes the value from its fields.
    public init(
        record: RequestRecord,
        body: RequestBody,
        release: ReleaseID?,
        version: VersionID,
        prompt: VersionID,
        answer: ChatAnswer,
        isSame: Bool,
        differences: [TokenDifference],
        note: String? = nil
    ) {
        self.record = record
        self.body = body
        self.release = release
        self.version = version
        self.prompt = prompt
        self.answer = answer
        self.isSame = isSame
        self.differences = differences
        self.note = note
    }
}

/// A run of tokens that both answers share, or that one of them has.
public struct TokenDifference: Hashable, Sendable, Codable {
    /// Whose they are.
    public let mark: Side
    /// The tokens as text.
    public let text: String
    /// How many they are.
    public let tokens: Int

    /// Makes the value from its fields.
    public init(mark: Side, text: String, tokens: Int) {
        self.mark = mark
        self.text = text
        self.tokens = tokens
    }

    /// Whose tokens they are.
    public enum Side: String, Codable, Sendable {
        /// Both answers have them.
        case same
        /// Only the captured answer has them.
        case removed
        /// Only the new answer has them.
        case added
    }
}
