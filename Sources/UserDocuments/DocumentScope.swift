public import RegistryTypes
import StrictYAML

/// Where a document holds: a channel of the models that are named; `for` in the file.
public struct DocumentScope: Hashable, Sendable, Codable {
    /// The channel.
    public let channel: Name
    /// The models, at least one pattern.
    public let models: [ModelPattern]

    /// Models of a channel.
    public init(channel: Name, models: [ModelPattern]) {
        self.channel = channel
        self.models = models
    }

    /// How narrowly `model` is meant, see ``ModelPattern/specificity``; nil when it is not meant.
    public func specificity(for model: Name) -> Int? {
        models.filter { $0.matches(model) }.map(\.specificity).max()
    }

    /// Whether `model` is meant.
    public func matches(_ model: Name) -> Bool { models.contains { $0.matches(model) } }
}

extension DocumentScope {
    /// Reads `{ channel: production, models: ["*"] }`.
    static func read(_ reader: inout MappingReader) -> DocumentScope? {
        let channel = reader.value(
            "channel",
            isRequired: true,
            expected: Reading.channelExpected,
            make: Reading.channel
        )
        let models = reader.values(
            "models",
            isRequired: true,
            expected: "a model, the beginning of names and *, or \"*\"",
            make: { ModelPattern($0) }
        )
        if models?.isEmpty == true {
            reader.refuse("\"models\" names no model: write [\"*\"] for all", at: "models")
        }
        guard let channel, let models else { return nil }
        return DocumentScope(channel: channel, models: models)
    }
}

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
