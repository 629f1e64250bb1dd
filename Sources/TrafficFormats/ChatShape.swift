import RegistryTypes
import StrictJSON

/// Messages and settings as OpenAI's interface writes them, and as most tools do that record it.
struct ChatShape {
    /// Messages of a list of objects with `role` and `content`.
    static func messages(_ items: [FileValue], _ output: inout RecordOutput) throws(RecordProblem) -> [ChatMessage] {
        var messages: [ChatMessage] = []
        for (index, item) in items.enumerated() {
            messages.append(try message(item, "messages[\(index)]", &output))
        }
        return messages
    }

    private static func message(
        _ item: FileValue,
        _ place: String,
        _ output: inout RecordOutput
    ) throws(RecordProblem) -> ChatMessage {
        guard item.isObject else { throw RecordProblem("\(place) must be an object") }
        guard let word = item["role"]?.text ?? item["type"]?.text, let role = role(word) else {
            throw RecordProblem("\(place).role must be system, developer, user, assistant or tool")
        }
        guard !item.has("function_call") || item["function_call"] == nil else {
            throw RecordProblem("\(place).function_call is the form before tool_calls, which is not read")
        }
        let calls = try calls(item["tool_calls"], place)
        let known: Set = [
            "role", "type", "content", "tool_calls", "tool_call_id", "name", "function", "reasoning_content",
            "thinking", "id",
        ]
        output.leave(item, but: known, in: "messages[].")
        let said = try content(item["content"] ?? (role == .assistant ? .text("") : nil), "\(place).content")
        let thinking = item["reasoning_content"]?.text ?? item["thinking"]?.text ?? said.thinking
        if role != .tool, item["name"] != nil { output.leave("messages[].name") }
        return ChatMessage(
            role: role,
            text: said.text,
            thinking: role == .assistant ? thinking : nil,
            calls: role == .assistant ? calls : nil,
            answers: role == .tool ? item["tool_call_id"]?.word : nil,
            name: role == .tool ? item["name"]?.text ?? item["function"]?.text : nil
        )
    }

    /// Who speaks, by the words of several tools.
    static func role(_ word: String) -> ChatMessage.Role? {
        switch word.lowercased() {
        case "system", "developer": .system
        case "user", "human": .user
        case "assistant", "gpt", "model", "ai", "chatgpt", "bot": .assistant
        case "tool", "function", "observation", "function_response", "tool_response": .tool
        default: nil
        }
    }

    /// A text, or the texts of parts one after the other; parts that are no text cannot be asked again.
    static func content(_ value: FileValue?, _ place: String) throws(RecordProblem) -> (text: String, thinking: String?)
    {
        switch value {
        case nil: throw RecordProblem("\(place) is missing")
        case .text(let text): return (text, nil)
        case .list(let parts):
            var text = "", thinking: String?
            for part in parts {
                if let plain = part.text {
                    text += plain
                    continue
                }
                switch part["type"]?.text {
                case "text", "input_text", "output_text":
                    guard let piece = part["text"]?.text ?? part["content"]?.text else {
                        throw RecordProblem("a part of \(place) has no text")
                    }
                    text += piece
                case "reasoning", "thinking":
                    thinking =
                        (thinking ?? "") + (part["reasoning"] ?? part["thinking"] ?? part["content"] ?? .text("")).said
                case let type:
                    throw RecordProblem(
                        "a part of \(place) is of type \((type ?? "none").printable): only text can be asked again"
                    )
                }
            }
            return (text, thinking)
        case .some: throw RecordProblem("\(place) must be a text or a list of parts")
        }
    }

    /// Calls of tools: OpenAI's shape, or name and arguments beside each other.
    static func calls(_ value: FileValue?, _ place: String) throws(RecordProblem) -> [ToolCall]? {
        guard let items = value?.list, !items.isEmpty else { return nil }
        var calls: [ToolCall] = []
        for (index, item) in items.enumerated() {
            let function = item["function"]
            guard let name = function?["name"]?.text ?? function?.text ?? item["name"]?.text else {
                throw RecordProblem("\(place).tool_calls[\(index)] has no function with a name")
            }
            let arguments = function?["arguments"] ?? item["arguments"] ?? item["args"] ?? .members([])
            calls.append(ToolCall(id: item["id"]?.word ?? "", name: name, arguments: arguments.said))
        }
        return calls
    }

    /// The conversation before the last message of the assistant, and what that said: an example, not something to answer.
    static func split(
        _ messages: [ChatMessage],
        _ output: inout RecordOutput
    ) -> (asked: [ChatMessage], expected: String?) {
        guard let last = messages.last, last.role == .assistant else { return (messages, nil) }
        if last.calls != nil { output.leave("expected calls of tools") }
        return (messages.dropLast(), last.calls != nil && last.text.isEmpty ? nil : last.text)
    }

    /// A request of its body: messages, or prompt and variables as serin takes them, with tools and settings.
    static func request(
        _ body: FileValue,
        _ output: inout RecordOutput,
        besides known: Set<String> = []
    ) throws(RecordProblem) -> ImportedRequest {
        var request: ImportedRequest
        if let items = body["messages"]?.opened.list {
            let (asked, expected) = split(try messages(items, &output), &output)
            request = ImportedRequest(.messages(asked))
            request.expected = expected
        } else if let variables = body["variables"], variables.isObject {
            request = ImportedRequest(.variables(Self.variables(variables)))
        } else {
            throw RecordProblem("it has no messages")
        }
        if let tools = body["tools"]?.list, !tools.isEmpty, body["tool_choice"]?.text != "none" {
            request.tools = FileValue.list(tools).json
        }
        request.settings = settings(body)
        request.conversation = body["metadata"]?.opened["conversation"]?.word ?? body["conversation"]?.word
        request.tags = tags(body["metadata"]?.opened, but: ["conversation"])
        output.leave(
            body,
            but: known.union(["messages", "variables", "tools", "metadata", "conversation"]).union(
                settingNames.map(\.theirs)
            )
        )
        return request
    }

    /// The values of an object as variables: texts as they are, other values as their JSON.
    static func variables(_ value: FileValue) -> [String: String] {
        var values: [String: String] = [:]
        for member in value.all where member.value != .null { values[member.name] = member.value.said }
        return values
    }

    /// Plain values of an object as tags.
    static func tags(_ value: FileValue?, but left: Set<String> = []) -> [String: String] {
        var tags: [String: String] = [:]
        for member in value?.all ?? [] where !left.contains(member.name) {
            if let word = member.value.word, word.utf8.count <= 200 { tags[member.name] = word }
        }
        return tags
    }

    /// Settings by the names of several tools, and by ours.
    static let settingNames: [(theirs: String, ours: String)] = [
        ("temperature", "temperature"), ("top_k", "topK"), ("top_p", "topP"), ("min_p", "minP"),
        ("typical_p", "typicalP"),
        ("repetition_penalty", "repetitionPenalty"), ("frequency_penalty", "frequencyPenalty"),
        ("presence_penalty", "presencePenalty"), ("max_tokens", "maxTokens"), ("max_completion_tokens", "maxTokens"),
        ("stop", "stop"),
    ]

    /// What a body changes of the settings; one that is no number stays out here and is refused with the request.
    static func settings(_ body: FileValue) -> [String: JSONValue] {
        var settings: [String: JSONValue] = [:]
        for (theirs, ours) in settingNames {
            guard let value = body[theirs] else { continue }
            switch value {
            case .text(let text) where ours == "stop": settings[ours] = .array([.string(text)])
            case .list(let texts) where ours == "stop": settings[ours] = .array(texts.map { .string($0.said) })
            case _ where value.number != nil: settings[ours] = .number(value.number ?? 0)
            case .null, .bool, .integer, .unsigned, .number, .text, .list, .members:
                settings[ours] = .string(value.said)
            }
        }
        // An empty list of stop texts stops nothing.
        if settings["stop"] == .array([]) { settings["stop"] = nil }
        return settings
    }

    /// The text of an answer in the shape of a chat completion; nil where it has none.
    static func answer(of completion: FileValue) -> String? {
        guard let message = completion["choices"]?.list?.first?["message"] else { return nil }
        return message["content"].flatMap { try? content($0, "content").text }
    }

    /// What should come: a text, a message's content, or JSON as its text.
    static func expected(_ value: FileValue?) -> String? {
        guard let value else { return nil }
        if value.isObject, value.has("role"), let content = value["content"] {
            return (try? Self.content(content, "content").text) ?? content.said
        }
        return value.said
    }

    /// What is asked by an `input` that may be a text, messages, an object with messages, or values.
    static func content(of input: FileValue, _ output: inout RecordOutput) throws(RecordProblem)
        -> TrafficRequest.Content
    {
        let input = input.opened
        if let items = input.list ?? input["messages"]?.list, !items.isEmpty, items.allSatisfy({ $0.has("role") }) {
            return .messages(try messages(items, &output))
        }
        if input.isObject { return .variables(variables(input)) }
        return .messages([ChatMessage(role: .user, text: input.said)])
    }
}
