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
