import RegistryTypes
import StrictJSON
import UserDocuments

/// The members of a request's body, each read as what it must be. `null` is the same as not there.
struct RequestFields {
    private let members: [String: JSONValue]
    /// Where they stand, such as `messages[2].`; empty for the body's own.
    private let place: String

    init(_ members: [String: JSONValue], in place: String = "") {
        self.members = members
        self.place = place.isEmpty ? "" : "\(place)."
    }

    /// A member; nil when it is not there or `null`.
    subscript(_ name: String) -> JSONValue? {
        guard let value = members[name], value != .null else { return nil }
        return value
    }

    /// The names of all members, sorted.
    var names: [String] { members.keys.sorted() }

    /// Where a member stands.
    func path(_ name: String) -> String { place + name }

    func text(_ name: String) throws(GatewayError) -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value else { throw wrongType(place + name, value, "a string") }
        return text
    }

    func flag(_ name: String) throws(GatewayError) -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else { throw wrongType(place + name, value, "true or false") }
        return flag
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(GatewayError) -> Double? {
        guard let value = self[name] else { return nil }
        guard case .number(let number) = value else { throw wrongType(place + name, value, "a number") }
        guard range.contains(number) else {
            let (from, to) = (ShownText.seconds(range.lowerBound), ShownText.seconds(range.upperBound))
            throw .invalid("\(place)\(name) must be from \(from) to \(to)", param: place + name)
        }
        return number
    }

    func count(_ name: String, in range: ClosedRange<Int>) throws(GatewayError) -> Int? {
        guard let value = self[name] else { return nil }
        guard case .number(let number) = value else { throw wrongType(place + name, value, "a whole number") }
        guard let count = Int(exactly: number), range.contains(count) else {
            throw .invalid(
                "\(place)\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)",
                param: place + name
            )
        }
        return count
    }

    func list(_ name: String) throws(GatewayError) -> [JSONValue]? {
        guard let value = self[name] else { return nil }
        guard case .array(let items) = value else { throw wrongType(place + name, value, "an array") }
        return items
    }

    func object(_ name: String) throws(GatewayError) -> RequestFields? {
        guard let value = self[name] else { return nil }
        guard case .object(let members) = value else { throw wrongType(place + name, value, "an object") }
        return RequestFields(members, in: place + name)
    }

    /// Texts by name, such as the values of variables.
    func texts(_ name: String) throws(GatewayError) -> [String: String]? {
        guard let fields = try object(name) else { return nil }
        var texts: [String: String] = [:]
        for (key, value) in fields.members {
            guard case .string(let text) = value else {
                throw wrongType("\(name).\(ShownText.of(key))", value, "a string")
            }
            texts[key] = text
        }
        return texts
    }

    /// The beginning of a place in a body, such as `messages[2].role`, that is made of names which are known here; nil
    /// where not even its first one is.
    static func knownPlace(_ param: String) -> String? {
        let known = param.split(separator: ".").prefix { part in
            let name = part.prefix { $0 != "[" }
            return BodyMember(rawValue: String(name)) != nil || innerMembers.contains(String(name))
        }
        return known.isEmpty ? nil : known.joined(separator: ".")
    }

    /// Members of messages, calls and options that errors name.
    private static let innerMembers: Set = [
        "role", "content", "reasoning_content", "tool_calls", "tool_call_id", "name", "function", "arguments", "id",
        "type", "index", "annotations", "refusal", "conversation", "include_usage",
    ]

    func wrongType(_ name: String, _ value: JSONValue, _ wanted: String) -> GatewayError {
        .invalid("\(name) must be \(wanted), not \(value.typeName)", param: name)
    }
}

/// The members that only `POST /v1/chat/completions` has.
extension RequestFields {
    /// The most messages of a conversation.
    private static let maxMessages = 1024
    /// The most bytes of a stop text.
    private static let longestStop = 256

    /// What is asked of the choice of tokens: OpenAI's members, and those that other servers have beside them.
    func sampling() throws(GatewayError) -> [DecodingSettings.Asked: Double] {
        var asked: [DecodingSettings.Asked: Double] = [:]
        for setting in DecodingSettings.Asked.allCases {
            switch setting {
            case .temperature: asked[setting] = try number("temperature", in: 0...2)
            case .topK: asked[setting] = try count("top_k", in: 0...1_000_000).map(Double.init)
            case .topP: asked[setting] = try number("top_p", in: 0...1)
            case .minP: asked[setting] = try number("min_p", in: 0...1)
            case .typicalP: asked[setting] = try number("typical_p", in: 0...1)
            case .repetitionPenalty: asked[setting] = try number("repetition_penalty", in: 0.01...10)
            case .frequencyPenalty: asked[setting] = try number("frequency_penalty", in: -2...2)
            case .presencePenalty: asked[setting] = try number("presence_penalty", in: -2...2)
            }
        }
        return asked
    }

    /// What is added to the logits of tokens, by their ids.
    func logitBias() throws(GatewayError) -> [Int: Double] {
        guard let fields = try object("logit_bias") else { return [:] }
        guard fields.members.count <= 300 else {
            throw .invalid("logit_bias names more than 300 tokens", param: "logit_bias")
        }
        var biases: [Int: Double] = [:]
        for token in fields.members.keys {
            guard let id = Int(token), id >= 0, String(id) == token else {
                throw .invalid("logit_bias.\(ShownText.of(token)) is not the id of a token", param: "logit_bias")
            }
            biases[id] = try fields.number(token, in: -100...100)
        }
        return biases
    }

    /// The messages, or the values of variables.
    func input() throws(GatewayError) -> ChatCompletionRequest.Input {
        guard let variables = try texts("variables") else {
            guard self["prompt"] == nil else {
                throw .invalid("prompt goes with variables: send both, or messages", param: "prompt")
            }
            return .messages(try messages())
        }
        guard self["messages"] == nil else {
            throw .invalid("send messages, or prompt and variables, not both", param: "variables")
        }
        return .variables(variables, prompt: try text("prompt"))
    }

    private func messages() throws(GatewayError) -> [ChatMessage] {
        guard let items = try list("messages") else {
            throw .invalid("messages is missing (or prompt and variables)", param: "messages")
        }
        guard (1...Self.maxMessages).contains(items.count) else {
            throw .invalid("messages must have 1 to \(Self.maxMessages) entries", param: "messages")
        }
        var messages: [ChatMessage] = []
        messages.reserveCapacity(items.count)
        for (index, item) in items.enumerated() {
            let place = "messages[\(index)]"
            guard case .object(let members) = item else { throw wrongType(place, item, "an object") }
            let fields = RequestFields(members, in: place)
            messages.append(try fields.message(Self.role(fields, place), place))
        }
        if let last = messages.last, last.role == .assistant {
            throw .unsupported(
                "the last message is the assistant's, and no answer is begun for the model: end with a message of the user",
                param: "messages[\(messages.count - 1)]"
            )
        }
        return messages
    }

    private static func role(
        _ fields: RequestFields,
        _ place: String
    ) throws(GatewayError) -> ChatMessage.Role {
        guard case .string(let role) = fields["role"] else {
            throw .invalid("\(place).role must be a string", param: "\(place).role")
        }
        switch role {
        case "system", "developer": return .system
        case "user": return .user
        case "assistant": return .assistant
        case "tool": return .tool
        case "function":
            throw .unsupported("role function is not supported: send role tool", param: "\(place).role")
        default:
            throw .invalid(
                "\(place).role must be system, developer, user, assistant or tool, not \"\(ShownText.of(role))\"",
                param: "\(place).role"
            )
        }
    }

    private func message(_ role: ChatMessage.Role, _ place: String) throws(GatewayError) -> ChatMessage {
        let text = try content(of: role, place)
        switch role {
        case .system, .user:
            try refuseUnknown(but: ["role", "content"])
            return ChatMessage(role: role, text: text)
        case .assistant:
            // What answers hold comes back with conversations; what of it says nothing may stay.
            for name in ["annotations", "audio", "refusal"] where self[name].map({ !Self.saysNothing($0) }) ?? false {
                throw .unsupported("\(path(name)) is not done here: leave it out", param: path(name))
            }
            guard self["function_call"] == nil else {
                throw .unsupported(
                    "\(place).function_call is not supported: send tool_calls",
                    param: "\(place).function_call"
                )
            }
            try refuseUnknown(
                but: ["role", "content", "reasoning_content", "tool_calls", "annotations", "audio", "refusal"]
            )
            return ChatMessage(
                role: role,
                text: text,
                thinking: try self.text("reasoning_content"),
                calls: try calls(place)
            )
        case .tool:
            try refuseUnknown(but: ["role", "content", "tool_call_id", "name"])
            return ChatMessage(
                role: role,
                text: text,
                answers: try self.text("tool_call_id"),
                name: try self.text("name")
            )
        }
    }

    /// Whether a member of an answer that comes back is an empty text, list or object.
    private static func saysNothing(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .string(""): true
        case .array(let items): items.isEmpty
        case .object(let members): members.isEmpty
        case .bool, .number, .string: false
        }
    }

    /// The calls of a message of the assistant; nil when there are none.
    private func calls(_ place: String) throws(GatewayError) -> [ToolCall]? {
        guard let items = try list("tool_calls"), !items.isEmpty else { return nil }
        guard items.count <= 128 else {
            throw .invalid("\(place).tool_calls has more than 128 calls", param: "\(place).tool_calls")
        }
        var calls: [ToolCall] = []
        for (index, item) in items.enumerated() {
            let param = "\(place).tool_calls[\(index)]"
            guard case .object(let members) = item else { throw wrongType(param, item, "an object") }
            let call = RequestFields(members, in: param)
            try call.refuseUnknown(but: ["id", "type", "function", "index"])
            guard let function = try call.object("function"), let name = try function.text("name") else {
                throw .invalid("\(param) must have a function with a name", param: param)
            }
            try function.refuseUnknown(but: ["name", "arguments"])
            calls.append(
                ToolCall(
                    id: try call.text("id") ?? "",
                    name: name,
                    arguments: try function.text("arguments") ?? "{}"
                )
            )
        }
        return calls
    }

    /// The text of a message: as it is, or in parts that are all text.
    private func content(of role: ChatMessage.Role, _ place: String) throws(GatewayError) -> String {
        let param = "\(place).content"
        switch self["content"] {
        case .string(let text): return text
        case nil where role == .assistant: return ""
        case nil: throw .invalid("\(param) is missing", param: param)
        case .array(let parts):
            var text = ""
            for part in parts {
                guard case .object(let members) = part, case .string(let type) = members["type"] else {
                    throw .invalid("a part of \(param) must be an object with a type", param: param)
                }
                guard type == "text" else {
                    throw .unsupported("parts of type \(ShownText.of(type)) are not supported: text is", param: param)
                }
                guard case .string(let piece) = members["text"] else {
                    throw .invalid("a part of \(param) must have a text", param: param)
                }
                try RequestFields(members, in: param).refuseUnknown(but: ["type", "text", "cache_control"])
                text += piece
            }
            return text
        case .some(let value): throw wrongType(param, value, "a string or an array of parts")
        }
    }

    /// The texts that end an answer.
    func stop() throws(GatewayError) -> [String] {
        let texts: [String]
        switch self["stop"] {
        case nil: return []
        case .string(let text): texts = [text]
        case .array(let items):
            var found: [String] = []
            for item in items {
                guard case .string(let text) = item else { throw wrongType("stop", item, "strings") }
                found.append(text)
            }
            texts = found
        case .some(let value): throw wrongType("stop", value, "a string or an array of strings")
        }
        guard texts.count <= 4, texts.allSatisfy({ (1...Self.longestStop).contains($0.utf8.count) }) else {
            throw .invalid("stop takes up to 4 texts of 1 to \(Self.longestStop) bytes", param: "stop")
        }
        return texts
    }

    /// The seed: any whole number of 64 bits, taken digit by digit from the body, as JSON's numbers are rounded from 2⁵³ on.
    func seed(in body: String) throws(GatewayError) -> UInt64? {
        guard let value = self["seed"] else { return nil }
        guard case .number(let number) = value else { throw wrongType("seed", value, "a whole number") }
        // The body was read already: what fails here cannot.
        let written = (try? JSONText.member("seed", of: body)) ?? ""
        if let seed = Int64(written) { return UInt64(bitPattern: seed) }
        if let seed = UInt64(written) { return seed }
        guard let seed = Int64(exactly: number), abs(number) <= 0x1p53 else {
            throw .invalid("seed must be a whole number of 64 bits", param: "seed")
        }
        return UInt64(bitPattern: seed)
    }

    func wantsUsage(isStreamed: Bool) throws(GatewayError) -> Bool {
        guard let options = try object("stream_options") else { return false }
        guard isStreamed else { throw .invalid("stream_options needs stream: true", param: "stream_options") }
        // Obfuscation pads what is sent, and changes nothing of it.
        try options.refuseUnknown(but: ["include_usage", "include_obfuscation"])
        return try options.flag("include_usage") ?? false
    }

    func wantsJSON() throws(GatewayError) -> Bool {
        guard let format = try object("response_format") else { return false }
        switch format["type"] {
        case .string("text"), .string("json_object"):
            try format.refuseUnknown(but: ["type"])
            return format["type"] == .string("json_object")
        case .string("json_schema"):
            throw .unsupported(
                "response_format json_schema is not supported yet: use json_object, or a prompt with an output schema",
                param: "response_format"
            )
        default: throw .invalid("response_format.type must be text or json_object", param: "response_format")
        }
    }

    /// `metadata.conversation`; anything else in the metadata is the caller's own.
    func conversation() throws(GatewayError) -> String? {
        try object("metadata")?.text("conversation")
    }
}
