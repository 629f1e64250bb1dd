public import RegistryTypes
import StrictJSON

/// A traffic set as lines that OpenAI's tools read.
public enum OpenAILines {
    /// What each line is.
    public enum Form: String, Sendable, CaseIterable {
        /// A request of a batch, by its id.
        case batch
        /// An example for fine-tuning: what is expected is the assistant's last message.
        case fineTune = "fine-tune"
    }

    /// One line, without its end.
    ///
    /// - Parameter model: What the line asks, where its form names it.
    /// - Returns: Nil for what no line of the form can say: several values for variables, or an example without an answer.
    public static func line(_ request: TrafficRequest, as form: Form, model: String) -> String? {
        let asked: [ChatMessage]
        switch request.content {
        case .messages(let messages): asked = messages
        case .variables(let values):
            guard values.count == 1, let text = values.values.first else { return nil }
            asked = [ChatMessage(role: .user, text: text)]
        }
        var members: [FileValue.Member] = []
        func add(_ name: String, _ value: FileValue) { members.append(FileValue.Member(name: name, value: value)) }
        switch form {
        case .fineTune:
            guard let expected = request.expected else { return nil }
            add("messages", .list((asked + [ChatMessage(role: .assistant, text: expected)]).map(message)))
            if let tools = request.tools { add("tools", FileValue.text(tools).opened) }
        case .batch:
            var body: [FileValue.Member] = [FileValue.Member(name: "model", value: .text(model))]
            body.append(FileValue.Member(name: "messages", value: .list(asked.map(message))))
            if let tools = request.tools {
                body.append(FileValue.Member(name: "tools", value: FileValue.text(tools).opened))
            }
            for (theirs, ours) in ChatShape.settingNames where theirs != "max_completion_tokens" {
                if let value = request.settings?[ours].flatMap({ Self.value($0) }) {
                    body.append(FileValue.Member(name: theirs, value: value))
                }
            }
            if let conversation = request.conversation {
                let metadata = [FileValue.Member(name: "conversation", value: .text(conversation))]
                body.append(FileValue.Member(name: "metadata", value: .members(metadata)))
            }
            add("custom_id", .text(request.id))
            add("method", .text("POST"))
            add("url", .text("/v1/chat/completions"))
            add("body", .members(body))
        }
        // What nobody would see for what it is stands in the line as its escape.
        return String(decoding: HiddenScalars.escaped(json: Array(FileValue.members(members).json.utf8)), as: UTF8.self)
    }

    private static func value(_ value: JSONValue) -> FileValue? {
        switch value {
        case .number(let number): Int64(exactly: number).map { .integer($0) } ?? .number(number)
        case .string(let text): .text(text)
        case .array(let texts): .list(texts.compactMap { Self.value($0) })
        case .null, .bool, .object: nil
        }
    }

    private static func message(_ message: ChatMessage) -> FileValue {
        var members = [FileValue.Member(name: "role", value: .text(message.role.rawValue))]
        members.append(FileValue.Member(name: "content", value: .text(message.text)))
        if let thinking = message.thinking {
            members.append(FileValue.Member(name: "reasoning_content", value: .text(thinking)))
        }
        if let calls = message.calls {
            members.append(
                FileValue.Member(
                    name: "tool_calls",
                    value: .list(
                        calls.map { call in
                            .members([
                                FileValue.Member(name: "id", value: .text(call.id)),
                                FileValue.Member(name: "type", value: .text("function")),
                                FileValue.Member(
                                    name: "function",
                                    value: .members([
                                        FileValue.Member(name: "name", value: .text(call.name)),
                                        FileValue.Member(name: "arguments", value: .text(call.arguments)),
                                    ])
                                ),
                            ])
                        }
                    )
                )
            )
        }
        if let answers = message.answers {
            members.append(FileValue.Member(name: "tool_call_id", value: .text(answers)))
        }
        if let name = message.name { members.append(FileValue.Member(name: "name", value: .text(name))) }
        return .members(members)
    }
}
