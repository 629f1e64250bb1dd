/// A file with documents.
public struct SourceFile: Hashable, Sendable, Codable {
    /// Its name, for messages.
    public let name: String
    /// Its text.
    public let text: String

    /// Makes the value from its fields.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}
