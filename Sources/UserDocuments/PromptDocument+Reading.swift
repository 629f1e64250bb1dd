import RegistryTypes
import StrictJSON
import StrictYAML

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
            guard let node = output.node("schema", isRequired: true) else { return nil }
            do {
                return try OutputSchema(JSONValue(node))
            } catch {
                output.refuse("\(error)", at: "schema")
                return nil
            }
        }
        let decoding =
            reader.has("decoding")
            ? reader.mapping("decoding", read: DecodingSettings.read) : DecodingSettings()
        guard reader.isClean, let format, let messages, let variables, let decoding else { return nil }
        return PromptDocument(
            name: name,
            format: format,
            messages: messages,
            variables: variables,
            output: output,
            decoding: decoding
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
            stop: stop
        )
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
