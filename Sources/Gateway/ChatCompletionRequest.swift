import ChatTemplate
import RegistryTypes
import ReleaseRuntime
import StrictJSON
import UserDocuments

/// What `POST /v1/chat/completions` asks for. Every value is in its range; what serin does not know is not in it.
struct ChatCompletionRequest: Hashable, Sendable {
    /// What the model shall continue.
    enum Input: Hashable, Sendable {
        /// A conversation.
        case messages([ChatMessage])
        /// Values for the release's prompt; when a prompt is named, it must be that one.
        case variables([String: String], prompt: String?)
    }

    /// The reference, as written.
    var model: String
    var input: Input
    /// What it changes of the release's settings.
    var sampling: [DecodingSettings.Asked: Double] = [:]
    /// Added to the logits of tokens, by their ids: at most 300, each -100...100.
    var logitBias: [Int: Double] = [:]
    /// From 1 on; nil for what the release says.
    var maxTokens: Int?
    /// At most four; they end the answer besides those of the release.
    var stop: [String] = []
    /// Nil for one drawn at random.
    var seed: UInt64?
    /// 1...8.
    var choices = 1
    var isStreamed = false
    /// Whether a stream ends with a chunk that counts the tokens.
    var wantsUsage = false
    var wantsLogProbabilities = false
    /// 0...20 for each token.
    var alternatives = 0
    /// Whether the answer is checked to be a JSON object.
    var wantsJSON = false
    /// The tools that were offered, as the JSON array that was sent; nil when there are none or none may be called.
    var tools: String?
    /// Whether an answer may call several tools at once.
    var allowsManyCalls = true
    /// Members of the client's own that nothing here reads.
    var extensions: [String] = []
    /// Who asks, in the caller's words.
    var user: String?
    /// What the request belongs to, in the caller's words.
    var conversation: String?

    /// Whether it came as messages.
    var isConversation: Bool {
        if case .messages = input { true } else { false }
    }
}

extension ChatCompletionRequest {
    /// The most bytes of a body: many times what any context holds, so that a prompt that is too long is told so.
    static let limitBytes = 4 << 20

    /// Reads a body.
    ///
    /// - Throws: ``GatewayError/notJSON(_:)``, ``GatewayError/invalid(_:param:)``, ``GatewayError/unsupported(_:param:)``.
    init(_ bytes: [UInt8]) throws(GatewayError) { try self.init(RequestDraft(bytes)) }

    /// Reads what is JSON already.
    ///
    /// - Throws: as ``init(_:)``.
    init(_ draft: RequestDraft) throws(GatewayError) {
        let (fields, text) = (draft.fields, draft.text)
        try fields.refuseUnsupported()
        guard let model = try fields.text("model") else { throw .invalid("model is missing", param: "model") }
        self.init(model: model, input: try fields.input())
        extensions = fields.extensions
        guard extensions.count <= 16 else {
            throw .unsupported("more than 16 members begin with x_: leave some out", param: extensions[16])
        }
        sampling = try fields.sampling()
        logitBias = try fields.logitBias()
        let newName = try fields.count("max_completion_tokens", in: 1...1_000_000)
        let oldName = try fields.count("max_tokens", in: 1...1_000_000)
        if let newName, let oldName, newName != oldName {
            throw .invalid(
                "max_tokens is \(oldName) and max_completion_tokens is \(newName): they are one limit, send one of them",
                param: "max_tokens"
            )
        }
        maxTokens = newName ?? oldName
        stop = try fields.stop()
        seed = try fields.seed(in: text)
        choices = try fields.count("n", in: 1...8) ?? 1
        isStreamed = try fields.flag("stream") ?? false
        wantsUsage = try fields.wantsUsage(isStreamed: isStreamed)
        wantsLogProbabilities = try fields.flag("logprobs") ?? false
        alternatives = try fields.count("top_logprobs", in: 0...20) ?? 0
        if alternatives > 0, !wantsLogProbabilities {
            throw .invalid("top_logprobs needs logprobs: true", param: "top_logprobs")
        }
        wantsJSON = try fields.wantsJSON()
        user = try fields.text("user")
        conversation = try fields.conversation()
        tools = try fields.tools(in: text)
        allowsManyCalls = try fields.flag("parallel_tool_calls") ?? true
    }
}

/// A body that is JSON: what is enough to know which release it is for, whatever else is wrong with it.
struct RequestDraft {
    let fields: RequestFields
    /// The body as it was sent.
    let text: String

    /// - Throws: ``GatewayError/tooLarge(limitBytes:)``, ``GatewayError/notJSON(_:)``, ``GatewayError/invalid(_:param:)``.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        let limit = ChatCompletionRequest.limitBytes
        guard bytes.count <= limit else { throw .tooLarge(limitBytes: limit) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notJSON("it is not UTF-8") }
        let value: JSONValue
        do {
            value = try JSONText.parse(text)
        } catch {
            throw .notJSON("\(error)")
        }
        guard case .object(let members) = value else { throw .invalid("the body must be an object", param: nil) }
        fields = RequestFields(members)
        self.text = text
    }

    /// The reference that it names; nil where it names none that could be one.
    var model: String? { (try? fields.text("model")) ?? nil }
}

/// What a request means to the release that answers it.
extension ChatCompletionRequest {
    /// The release's settings with what the request changes. It may ask for less text than the release allows, never
    /// for more; and what ends the release's answers ends these too.
    func decoding(for release: LoadedRelease) -> DecodingSettings {
        var decoding = release.decoding
        for (setting, value) in sampling { decoding.ask(setting, value) }
        if !logitBias.isEmpty { decoding.logitBias = logitBias }
        if let maxTokens { decoding.maxTokens = min(decoding.maxTokens, maxTokens) }
        decoding.stop += stop
        return decoding
    }

    /// Whether the answer is made in another way than the release makes its own: sampled otherwise, after a system message
    /// of the client, with tools, or measured by a format that the prompt does not ask for. A limit or a stop text cuts
    /// an answer and changes none of it.
    func changes(_ release: LoadedRelease) -> Bool {
        var decoding = decoding(for: release)
        decoding.maxTokens = release.decoding.maxTokens
        decoding.stop = release.decoding.stop
        return decoding != release.decoding || clientSystem(for: release) != nil
            || (tools != nil && release.takesTools) || (wantsJSON && release.prompt.output == nil)
    }

    /// What the request changed of the settings, for the record: as it was done.
    func settings(for release: LoadedRelease) -> [String: JSONValue] {
        var settings: [String: JSONValue] = [:]
        for (setting, value) in sampling { settings[setting.rawValue] = .number(value) }
        if !logitBias.isEmpty {
            settings["logitBias"] = .object(
                Dictionary(uniqueKeysWithValues: logitBias.map { (String($0), .number($1)) })
            )
        }
        if maxTokens != nil { settings["maxTokens"] = .number(Double(decoding(for: release).maxTokens)) }
        if !stop.isEmpty { settings["stop"] = .array(stop.map { .string($0) }) }
        if choices > 1 { settings["choices"] = .number(Double(choices)) }
        if wantsJSON { settings["format"] = .string("json") }
        return settings
    }

    /// The tools that the release is told of. A model may always answer without its tools: where the prompt has no place
    /// for them, they are left out.
    ///
    /// - Throws: ``GatewayError/invalid(_:param:)`` for tools that make no sense; ``GatewayError/unsupported(_:param:)``
    ///   where one call at most is asked for.
    func tools(for release: LoadedRelease) throws(GatewayError) -> String? {
        guard release.takesTools, let tools else { return nil }
        guard allowsManyCalls else {
            throw .unsupported(
                "nothing keeps a model from calling several tools at once: leave parallel_tool_calls out",
                param: "parallel_tool_calls"
            )
        }
        let depth = AnswerRequest.maxToolDepth
        guard case .list(let list)? = TemplateValue(json: tools, maximumDepth: depth), list.elements.count <= 128 else {
            throw .invalid(
                "tools must be an array of at most 128 objects, nested at most \(depth) deep, without whole numbers beyond 64 bits",
                param: "tools"
            )
        }
        for (index, tool) in list.elements.enumerated() {
            guard case .mapping(let members) = tool, case .mapping(let function)? = members["function"],
                case .text(let name)? = function["name"], !name.string.isEmpty
            else { throw .invalid("tools[\(index)] must have a function with a name", param: "tools[\(index)]") }
        }
        return tools
    }

    /// What is done with the system messages that came with the request; nil when none did.
    func clientSystem(for release: LoadedRelease) -> ClientSystem? {
        guard case .messages(let messages) = input, messages.contains(where: { $0.role == .system }) else { return nil }
        return release.prompt.clientSystemRule
    }

    /// What was sent and is left out, by its member: tools that the prompt has no place for, thinking that its format
    /// does not write, and members of the client's own.
    func leftOut(for release: LoadedRelease) -> [String] {
        let losesTools = tools != nil && !release.takesTools
        let losesThinking = release.prompt.format != .model && messages.contains { !($0.thinking ?? "").isEmpty }
        return (losesTools ? ["tools"] : []) + (losesThinking ? ["messages[].reasoning_content"] : []) + extensions
    }

    /// The messages that came; none where values of variables did.
    private var messages: [ChatMessage] {
        if case .messages(let messages) = input { messages } else { [] }
    }

    /// How many messages came besides those of the system; nil where values of variables did.
    var turns: Int? { isConversation ? messages.count { $0.role != .system } : nil }

    /// Refuses what this release cannot do.
    ///
    /// - Throws: ``GatewayError/invalid(_:param:)`` for a token that its model does not have.
    func check(for release: LoadedRelease) throws(GatewayError) {
        let size = release.tokenCount
        guard let token = logitBias.keys.filter({ $0 >= size }).min() else { return }
        throw .invalid(
            "logit_bias names token \(token), and the model of this release has tokens 0 to \(size - 1)",
            param: "logit_bias"
        )
    }

    /// What was asked, for the record: as the prompt took it, and as it came where the prompt did not take it.
    func texts(for route: GatewayRoute) -> (variables: [String: String], messages: [ChatMessage]?) {
        switch try? servingInput(for: route) {
        case .variables(let values): return (values, nil)
        case .messages(let list): return ([:], list)
        case nil: break
        }
        switch input {
        case .variables(let values, _): return (values, nil)
        case .messages(let list): return ([:], list)
        }
    }

    /// The tools that were offered, for the record: those that were refused too.
    func offeredTools(for release: LoadedRelease) -> String? {
        do { return try tools(for: release) } catch { return tools }
    }

    /// The input as the release's prompt takes it. A single message to a prompt with one required variable is that
    /// variable's value: so capture, freezing and replay see the same thing, however it was sent.
    ///
    /// - Throws: ``GatewayError/invalid(_:param:)`` for values for another prompt than the release's;
    ///   ``GatewayError/unsupported(_:param:)`` for messages about tools where the prompt has no place for them.
    func servingInput(for route: GatewayRoute) throws(GatewayError) -> AnswerRequest.Input {
        switch input {
        case .variables(let values, let prompt):
            guard prompt == nil || prompt == route.prompt.name.text || prompt == route.prompt.description else {
                throw .invalid(
                    "\(route.release) has prompt \(route.prompt), not \"\(ShownText.of(prompt ?? ""))\"",
                    param: "prompt"
                )
            }
            return .variables(values)
        case .messages(let messages):
            if let index = messages.firstIndex(where: \.needsTools), !route.loaded.takesTools {
                let param = "messages[\(index)].\(messages[index].role == .tool ? "role" : "tool_calls")"
                throw .unsupported(
                    "the prompt of \(route.release) has no place for tools: leave messages of role tool and tool_calls out",
                    param: param
                )
            }
            let required = route.loaded.prompt.variables.filter(\.isRequired)
            guard messages.count == 1, messages[0].role == .user, required.count == 1 else {
                return .messages(messages)
            }
            return .variables([required[0].name: messages[0].text])
        }
    }
}

extension RequestFields {
    /// The tools that may be called, with the order of their members, which templates write as it is; nil for none.
    ///
    /// - Parameter body: The body that the fields were read from.
    func tools(in body: String) throws(GatewayError) -> String? {
        guard let tools = try list("tools"), !tools.isEmpty, self["tool_choice"] != .string("none") else { return nil }
        // The body was read already: what fails here cannot.
        let written = try? JSONText.member("tools", of: body)
        return written.flatMap { TemplateValue(json: $0)?.json ?? $0 }
    }
}
