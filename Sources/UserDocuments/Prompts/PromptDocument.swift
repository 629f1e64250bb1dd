import Digests
public import RegistryTypes
import StrictJSON
import StrictYAML

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
    /// Whether the model thinks before it answers, where the model file's template has a switch for it; off when nil.
    public let thinking: Thinking?
    /// What becomes of system messages that come with a request; nil for ``clientSystemRule``'s default.
    public let clientSystem: ClientSystem?
    /// Seconds that an answer may take unless the request says otherwise; nil for what the server allows.
    public let deadlineSeconds: Double?

    /// The longest ``deadlineSeconds``: a day.
    public static let longestDeadline = 86_400.0

    /// A prompt.
    public init(
        name: Name,
        format: PromptFormat,
        messages: [PromptMessage],
        variables: [PromptVariable] = [],
        output: OutputSchema? = nil,
        decoding: DecodingSettings = DecodingSettings(),
        thinking: Thinking? = nil,
        clientSystem: ClientSystem? = nil,
        deadlineSeconds: Double? = nil
    ) {
        self.name = name
        self.format = format
        self.messages = messages
        self.variables = variables.sorted { $0.name < $1.name }
        self.output = output
        self.decoding = decoding
        self.thinking = thinking
        self.clientSystem = clientSystem
        self.deadlineSeconds = deadlineSeconds
    }

    /// A switch of a template.
    public enum Thinking: String, Codable, Sendable, CaseIterable {
        /// The model thinks before it answers.
        case on
        /// It answers at once.
        case off
    }

    /// The same prompt in another format.
    public func written(in format: PromptFormat) -> PromptDocument {
        PromptDocument(
            name: name,
            format: format,
            messages: messages,
            variables: variables,
            output: output,
            decoding: decoding,
            thinking: format == .model ? thinking : nil,
            clientSystem: clientSystem,
            deadlineSeconds: deadlineSeconds
        )
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
            try variable.check(value, prompt: name)
        }
        var rendered: [RenderedMessage] = []
        for message in messages {
            let template = try PromptTemplate(message.text)
            rendered.append(RenderedMessage(role: message.role, segments: template.segments(with: values)))
        }
        return rendered
    }
}

/// How messages become the one text that a model continues. The texts themselves are made by `ReleaseRuntime`.
public enum PromptFormat: String, Codable, Sendable, CaseIterable {
    /// `<|im_start|>role`, newline, text, `<|im_end|>`, newline.
    case chatml
    /// `<|start_header_id|>role<|end_header_id|>`, two newlines, text, `<|eot_id|>`.
    case llama3 = "llama-3"
    /// `<start_of_turn>role`, newline, text, `<end_of_turn>`, newline; the assistant is called `model`, and what the
    /// system says stands before what the user says.
    case gemma
    /// The texts one after the other, nothing between them.
    case raw
    /// The chat template in the model file: what the text is depends on the version.
    case model
}

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

extension PromptDocument {
    /// Reads what follows the name; nil when anything is wrong, with the problems in `reader`.
    static func read(name: Name, _ reader: inout MappingReader) -> PromptDocument? {
        let format = reader.choice("format", isRequired: true, as: PromptFormat.self)
        let nodes = reader.elements(of: "messages")
        let messages = reader.mappings("messages", isRequired: true, owner: { "message \($0)" }) { message in
            let role = message.choice("role", isRequired: true, as: PromptMessage.Role.self)
            let text = message.text("text", isRequired: true)
            guard let role, let text else { return nil as PromptMessage? }
            return PromptMessage(role: role, text: text)
        }
        if messages?.isEmpty == true { reader.refuse("\"messages\" is empty: a prompt says something", at: "messages") }
        let variables =
            reader.has("variables")
            ? reader.named("variables", owner: { "variable \"\($0)\"" }, read: PromptVariable.read) : []
        if let messages, let variables { check(messages, at: nodes, against: variables, &reader) }
        let output = reader.mapping("output") { output -> OutputSchema? in
            OutputSchema.read("schema", isRequired: true, &output)
        }
        let decoding =
            reader.has("decoding")
            ? reader.mapping("decoding", read: DecodingSettings.read) : DecodingSettings()
        let thinking = reader.choice("thinking", as: Thinking.self)
        if thinking != nil, let format, format != .model {
            reader.refuse(
                "\"thinking\" needs format: model, as the switch is one of the model file's template: remove it",
                at: "thinking"
            )
        }
        let clientSystem = reader.choice("clientSystem", as: ClientSystem.self)
        if clientSystem != nil, format == .raw {
            reader.refuse(
                "\"clientSystem\" needs a format with messages, which raw has not: remove it",
                at: "clientSystem"
            )
        }
        let deadlineSeconds = reader.duration("deadline", in: 0.001...longestDeadline)
        guard reader.isClean, let format, let messages, let variables, let decoding else { return nil }
        return PromptDocument(
            name: name,
            format: format,
            messages: messages,
            variables: variables,
            output: output,
            decoding: decoding,
            thinking: thinking,
            clientSystem: clientSystem,
            deadlineSeconds: deadlineSeconds
        )
    }

    /// Every place needs a declared variable, and every declared variable a place.
    private static func check(
        _ messages: [PromptMessage],
        at nodes: [YAMLNode],
        against variables: [PromptVariable],
        _ reader: inout MappingReader
    ) {
        let declared = variables.map(\.name)
        var used: Set<String> = []
        for (message, node) in zip(messages, nodes) {
            do {
                for place in try PromptTemplate(message.text).names where used.insert(place).inserted {
                    guard !declared.contains(place) else { continue }
                    let near = NearName.nearest(to: place, in: declared).map { ": did you mean {{\($0)}}?" }
                    let text = "{{\(place)}} is not declared"
                    reader.add(.refused(text + (near ?? ": add it to \"variables\""), node.position))
                }
            } catch {
                reader.add(.refused("\(error)", node.position))
            }
        }
        for name in declared where !used.contains(name) {
            reader.refuse(
                "variable \"\(name)\" has no place: write {{\(name)}} in a message, or remove it",
                at: "variables"
            )
        }
    }
}

extension PromptVariable {
    fileprivate static func read(name: String, _ reader: inout MappingReader) -> PromptVariable? {
        guard isValid(name: name) else {
            reader.refuse(
                "\"\(name.printable)\" cannot name a variable: "
                    + "use letters, digits and _, not starting with a digit"
            )
            return nil
        }
        let isRequired = reader.flag("required")
        let maxLength = reader.integer("maxLength", in: 1...10_000_000)
        guard reader.isClean else { return nil }
        return PromptVariable(name: name, isRequired: isRequired ?? true, maxLength: maxLength)
    }
}

extension DecodingSettings {
    fileprivate static func read(_ reader: inout MappingReader) -> DecodingSettings? {
        let temperature = reader.number("temperature", in: 0...10)
        let maxTokens = reader.integer("maxTokens", in: 1...1_000_000)
        let topK = reader.integer("topK", in: 1...1_000_000)
        let topP = reader.number("topP", in: 0.001...1)
        let minP = reader.number("minP", in: 0...1)
        let typicalP = reader.number("typicalP", in: 0.001...1)
        let repetitionPenalty = reader.number("repetitionPenalty", in: 0.01...10)
        let frequencyPenalty = reader.number("frequencyPenalty", in: -2...2)
        let presencePenalty = reader.number("presencePenalty", in: -2...2)
        let stop =
            reader.has("stop")
            ? reader.values("stop", expected: "a text of 1 to 256 bytes") {
                (1...256).contains($0.utf8.count) ? $0 : nil
            } : []
        if let stop, stop.count > 16 {
            reader.refuse("\"stop\" has \(stop.count) texts, at most 16 are allowed", at: "stop")
        }
        guard reader.isClean, let stop else { return nil }
        let usual = DecodingSettings()
        return DecodingSettings(
            temperature: temperature ?? usual.temperature,
            maxTokens: maxTokens ?? usual.maxTokens,
            topK: topK,
            topP: topP,
            minP: minP,
            typicalP: typicalP,
            repetitionPenalty: repetitionPenalty,
            frequencyPenalty: frequencyPenalty,
            presencePenalty: presencePenalty,
            stop: stop
        )
    }
}

extension YAMLNode {
    /// The first unquoted whole number in it that becomes another one as a JSON number; nil when there is none.
    fileprivate var roundedNumber: (text: String, node: YAMLNode)? {
        switch value {
        case .scalar(_, isQuoted: true): return nil
        case .scalar(let text, isQuoted: false):
            let digits = text.utf8.first == 0x2d ? text.utf8.dropFirst() : text.utf8[...]
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Double(text) else { return nil }
            return abs(number) < 0x1p53 ? nil : (text, self)
        case .sequence(let elements): return elements.lazy.compactMap(\.roundedNumber).first
        case .mapping(let entries): return entries.lazy.compactMap(\.value.roundedNumber).first
        }
    }
}

extension JSONValue {
    /// What `node` means as JSON: an unquoted `true`, `false`, `null` or JSON number is one, all else is a text.
    init(_ node: YAMLNode) {
        switch node.value {
        case .scalar(let text, isQuoted: true): self = .string(text)
        case .scalar(let text, isQuoted: false):
            self = (try? JSONText.parse(text)) ?? .string(text)
        case .sequence(let elements): self = .array(elements.map(JSONValue.init))
        case .mapping(let entries):
            self = .object(Dictionary(uniqueKeysWithValues: entries.map { ($0.key, JSONValue($0.value)) }))
        }
    }
}

extension OutputSchema {
    /// Reads the schema at `key`; nil when there is none, or when it is wrong, with the problems in `reader`.
    static func read(_ key: String, isRequired: Bool, _ reader: inout MappingReader) -> OutputSchema? {
        guard let node = reader.node(key, isRequired: isRequired) else { return nil }
        if let rounded = node.roundedNumber {
            reader.add(
                .refused(
                    "\(rounded.text) is 2^53 or more, which JSON numbers do not hold exactly: no answer can be compared with it",
                    rounded.node.position
                )
            )
            return nil
        }
        do {
            return try OutputSchema(JSONValue(node))
        } catch {
            reader.refuse("\(error)", at: key)
            return nil
        }
    }
}
