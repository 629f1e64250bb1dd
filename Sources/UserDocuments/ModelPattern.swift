public import RegistryTypes

/// Which models a policy is for: a name, the beginning of names followed by `*`, or `*` for all.
public struct ModelPattern: Hashable, Sendable, CustomStringConvertible {
    /// The pattern as written.
    public let text: String

    /// Reads a pattern; nil when it is neither a name nor the beginning of one followed by one `*` at the end.
    public init?(_ text: String) {
        let bytes = text.utf8
        if bytes.last == UInt8(ascii: "*") {
            guard bytes.count == 1 || Name.isValid(String(decoding: Array(bytes.dropLast()), as: UTF8.self)) else {
                return nil
            }
        } else {
            guard Name.isValid(text) else { return nil }
        }
        self.text = text
    }

    /// Whether `model` is meant.
    public func matches(_ model: Name) -> Bool {
        isExact ? model.text == text : model.text.utf8.starts(with: text.utf8.dropLast())
    }

    /// How narrow the pattern is: an exact name is narrower than any glob, a longer glob than a shorter one.
    public var specificity: Int { isExact ? Int.max : text.utf8.count - 1 }

    public var description: String { text }

    private var isExact: Bool { text.utf8.last != UInt8(ascii: "*") }
}

extension ModelPattern: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let pattern = ModelPattern(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a model pattern: \(text)")
        }
        self = pattern
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
