/// A value that each request brings to a prompt.
public struct PromptVariable: Hashable, Sendable, Codable {
    /// The name between the braces: a letter or `_`, then letters, digits and `_`, at most 64 bytes.
    public let name: String
    /// Whether a request without it is refused; otherwise its place stays empty.
    public let isRequired: Bool
    /// The most Unicode code points a value may have; nil for no limit of its own.
    public let maxLength: Int?

    /// A variable of a prompt.
    public init(name: String, isRequired: Bool, maxLength: Int?) {
        self.name = name
        self.isRequired = isRequired
        self.maxLength = maxLength
    }

    private enum CodingKeys: String, CodingKey {
        case name
        case isRequired = "required"
        case maxLength
    }

    /// Whether `text` may name a variable.
    public static func isValid(name text: String) -> Bool {
        func isLetter(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || byte == 0x5f
        }
        guard let first = text.utf8.first, text.utf8.count <= 64, isLetter(first) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    }
}
