public import RegistryTypes

/// A prompt: messages with places for variables, how they become text, and what a good answer looks like.
///
/// A value that came from ``Document/parse(_:file:)`` is consistent: every place in a message has a declared
/// variable and every declared variable has a place.
public struct PromptDocument: DigestedContent, Hashable, Sendable, Codable {
    /// The name.
    public let name: Name
    /// How the messages become text.
    public let format: PromptFormat
    /// The messages, at least one.
    public let messages: [PromptMessage]
    /// The variables, sorted by name.
    public let variables: [PromptVariable]
    /// What an answer must look like; nil when any text will do.
    public let output: OutputSchema?
    /// How tokens are chosen unless a release says otherwise.
    public let decoding: DecodingSettings

    /// A prompt.
    public init(
        name: Name,
        format: PromptFormat,
        messages: [PromptMessage],
        variables: [PromptVariable] = [],
        output: OutputSchema? = nil,
        decoding: DecodingSettings = DecodingSettings()
    ) {
        self.name = name
        self.format = format
        self.messages = messages
        self.variables = variables.sorted { $0.name < $1.name }
        self.output = output
        self.decoding = decoding
    }

    /// The messages with `values` in their places.
    ///
    /// - Throws: ``PromptError`` for a value that is missing, unknown or too long.
    public func render(_ values: [String: String]) throws(PromptError) -> [RenderedMessage] {
        for name in values.keys.sorted() where !variables.contains(where: { $0.name == name }) {
            throw .unknownVariable(name, prompt: self.name, known: variables.map(\.name))
        }
        for variable in variables {
            guard let value = values[variable.name] else {
                if variable.isRequired { throw .missingVariable(variable.name, prompt: name) }
                continue
            }
            let length = value.unicodeScalars.count
            if let limit = variable.maxLength, length > limit {
                throw .valueTooLong(variable.name, prompt: name, length: length, limit: limit)
            }
        }
        var rendered: [RenderedMessage] = []
        for message in messages {
            let template = try PromptTemplate(message.text)
            rendered.append(RenderedMessage(role: message.role, segments: template.segments(with: values)))
        }
        return rendered
    }

    /// The one text that the model continues, in pieces by who wrote them.
    ///
    /// - Throws: ``PromptError`` for a value that is missing, unknown or too long.
    public func segments(_ values: [String: String]) throws(PromptError) -> [PromptSegment] {
        try format.segments(of: render(values))
    }
}
