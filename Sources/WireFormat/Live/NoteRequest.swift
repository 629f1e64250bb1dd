/// A remark.
public struct NoteRequest: Hashable, Sendable, Codable {
    /// The remark.
    public let text: String

    /// Makes the value from its fields.
    public init(text: String) {
        self.text = text
    }
}
