public import RegistryTypes

/// A captured request answered again.
public struct ReplayAnswer: Hashable, Sendable, Codable {
    /// The captured request.
    public let record: RequestRecord
    /// Its texts.
    public let body: RequestBody
    /// The release that answered now.
    public let release: ReleaseID
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
    /// Why the two may differ without any change of the model, such as redaction; nil when nothing of the kind applies.
    public let note: String?

    /// Makes the value from its fields.
    public init(
        record: RequestRecord,
        body: RequestBody,
        release: ReleaseID,
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
