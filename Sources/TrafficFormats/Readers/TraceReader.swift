import Foundation
import RegistryTypes
import StrictJSON

/// Spans of OTLP in JSON that asked a model, with the attributes of OpenTelemetry's GenAI conventions (also the older ones by
/// number) or of OpenInference.
enum TraceReader {
    /// The spans of a record, whatever resource and scope they are of.
    static func spans(_ record: FileValue) -> [FileValue] {
        (record["resourceSpans"]?.list ?? []).flatMap { $0["scopeSpans"]?.list ?? [] }.flatMap {
            $0["spans"]?.list ?? []
        }
    }

    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard record["resourceSpans"]?.list != nil else { throw RecordProblem("\"resourceSpans\" must be a list") }
        for span in spans(record) {
            let attributes = attributes(span)
            guard asksModel(attributes) else {
                output.leave("spans that ask no model")
                continue
            }
            guard let messages = try messages(attributes, &output), !messages.isEmpty else {
                output.leave("spans without their messages (the tracer did not record contents)")
                continue
            }
            var request = ImportedRequest(.messages(messages))
            request.id = span["spanId"]?.word
            let session = attributes["gen_ai.conversation.id"] ?? attributes["session.id"] ?? span["traceId"]
            request.conversation = session?.word
            request.askedAt = span["startTimeUnixNano"]?.word.flatMap { Int64($0) }.map {
                Timestamp(milliseconds: $0 / 1_000_000)
            }
            request.tools = tools(attributes)
            request.settings = settings(attributes)
            if attributes.keys.contains(where: { $0.hasPrefix("gen_ai.output") || $0.hasPrefix("gen_ai.completion") })
                || attributes.keys.contains(where: { $0.hasPrefix("llm.output_messages") })
            {
                output.leave("answers of then")
            }
            output.requests.append(request)
        }
    }

    private static func asksModel(_ attributes: [String: FileValue]) -> Bool {
        if let kind = attributes["openinference.span.kind"]?.text { return kind == "LLM" }
        if let operation = attributes["gen_ai.operation.name"]?.text {
            return ["chat", "generate_content", "text_completion"].contains(operation)
        }
        return attributes.keys.contains { $0.hasPrefix("gen_ai.prompt") || $0 == "gen_ai.input.messages" }
    }

    // MARK: Attributes

    /// The attributes of a span by name, its own and those of its events: contents were recorded there for a while.
    private static func attributes(_ span: FileValue) -> [String: FileValue] {
        var found: [String: FileValue] = [:]
        let events = (span["events"]?.list ?? []).flatMap { $0["attributes"]?.list ?? [] }
        for attribute in events + (span["attributes"]?.list ?? []) {
            if let key = attribute["key"]?.text, let value = attribute["value"] { found[key] = plain(value) }
        }
        return found
    }

    private static func plain(_ value: FileValue) -> FileValue {
        guard let member = value.all.first else { return value }
        switch member.name {
        case "arrayValue": return .list((member.value["values"]?.list ?? []).map(plain))
        case "kvlistValue":
            return .members(
                (member.value["values"]?.list ?? []).map {
                    FileValue.Member(name: $0["key"]?.text ?? "", value: plain($0["value"] ?? .null))
                }
            )
        // Whole numbers of 64 bits are texts in JSON of protocol buffers.
        case "intValue": return member.value.text.flatMap { Int64($0) }.map { .integer($0) } ?? member.value
        default: return member.value
        }
    }

    private static func messages(
        _ attributes: [String: FileValue],
        _ output: inout RecordOutput
    ) throws(RecordProblem) -> [ChatMessage]? {
        if let items = attributes["gen_ai.input.messages"]?.opened.list {
            var messages: [ChatMessage] = []
            if let system = attributes["gen_ai.system_instructions"]?.opened {
                messages.append(ChatMessage(role: .system, text: parts(system.list ?? [system]).text))
            }
            for item in items { messages += try genAI(item) }
            return messages
        }
        for (prefix, inner) in [("llm.input_messages", "message"), ("gen_ai.prompt", "")] {
            let items = numbered(attributes, prefix, inner)
            if !items.isEmpty { return try ChatShape.messages(items, &output) }
        }
        // The first form of the conventions: one attribute of an event with all messages.
        if let items = attributes["gen_ai.prompt"]?.opened.list { return try ChatShape.messages(items, &output) }
        return attributes["gen_ai.prompt"]?.text.map { [ChatMessage(role: .user, text: $0)] }
    }

    /// A message of `gen_ai.input.messages`: parts that are texts, calls and their results.
    private static func genAI(_ item: FileValue) throws(RecordProblem) -> [ChatMessage] {
        guard let role = item["role"]?.text.flatMap({ ChatShape.role($0) }) else {
            throw RecordProblem("a message of a span has no role that is known")
        }
        let all = item["parts"]?.list ?? item["content"].map { [$0] } ?? []
        let results = all.filter { $0["type"]?.text == "tool_call_response" }
        if !results.isEmpty {
            return results.map { part in
                let said = part["response"] ?? part["result"] ?? .text("")
                return ChatMessage(role: .tool, text: said.said, answers: part["id"]?.word)
            }
        }
        for part in all where part.isObject {
            let type = part["type"]?.text ?? "none"
            guard ["text", "reasoning", "tool_call"].contains(type) else {
                throw RecordProblem("a part of a message is of type \(type.printable): only text can be asked again")
            }
        }
        let calls = all.filter { $0["type"]?.text == "tool_call" }.map { part in
            ToolCall(
                id: part["id"]?.word ?? "",
                name: part["name"]?.text ?? "",
                arguments: (part["arguments"] ?? .members([])).said
            )
        }
        let said = parts(all)
        return [
            ChatMessage(
                role: role,
                text: said.text,
                thinking: role == .assistant ? said.thinking : nil,
                calls: role == .assistant && !calls.isEmpty ? calls : nil
            )
        ]
    }

    private static func parts(_ parts: [FileValue]) -> (text: String, thinking: String?) {
        var text = "", thinking: String?
        for part in parts {
            let piece = part.text ?? (part["content"] ?? part["text"])?.said ?? ""
            switch part["type"]?.text {
            case "reasoning": thinking = (thinking ?? "") + piece
            case "tool_call": break
            default: text += piece
            }
        }
        return (text, thinking)
    }

    /// Messages whose members are attributes of their own, such as `llm.input_messages.0.message.role`, as objects in order.
    private static func numbered(_ attributes: [String: FileValue], _ prefix: String, _ inner: String) -> [FileValue] {
        var tree: [Int: [(path: [String], value: FileValue)]] = [:]
        for (name, value) in attributes where name.hasPrefix(prefix + ".") {
            var path = name.dropFirst(prefix.count + 1).split(separator: ".").map(String.init)
            guard let index = path.first.flatMap({ Int($0) }), path.count > 1 else { continue }
            path.removeFirst()
            if !inner.isEmpty, path.first == inner { path.removeFirst() }
            tree[index, default: []].append((path, value))
        }
        return tree.sorted { $0.key < $1.key }.map { message($0.value) }
    }

    private static func message(_ members: [(path: [String], value: FileValue)]) -> FileValue {
        var own: [FileValue.Member] = []
        var calls: [Int: [FileValue.Member]] = [:]
        var contents: [Int: FileValue] = [:]
        for (path, value) in members.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
            let last = path.last ?? ""
            if path.first == "tool_calls", path.count > 2, let index = Int(path[1]) {
                let name = last == "arguments" ? "arguments" : last == "name" ? "name" : last
                calls[index, default: []].append(FileValue.Member(name: name, value: value))
            } else if path.first == "contents", path.count > 2, let index = Int(path[1]), last == "text" {
                contents[index] = value
            } else if path.count == 1 {
                own.append(FileValue.Member(name: last, value: value))
            }
        }
        if !calls.isEmpty {
            own.append(
                FileValue.Member(
                    name: "tool_calls",
                    value: .list(calls.sorted { $0.key < $1.key }.map { .members($0.value) })
                )
            )
        }
        if !contents.isEmpty, !own.contains(where: { $0.name == "content" }) {
            let texts = contents.sorted { $0.key < $1.key }.map(\.value)
            own.append(FileValue.Member(name: "content", value: .list(texts)))
        }
        return .members(own)
    }

    private static func tools(_ attributes: [String: FileValue]) -> String? {
        if let tools = attributes["gen_ai.tool.definitions"]?.opened.list, !tools.isEmpty {
            return FileValue.list(tools).json
        }
        var schemas: [Int: FileValue] = [:]
        for (name, value) in attributes where name.hasPrefix("llm.tools.") && name.hasSuffix(".tool.json_schema") {
            if let index = name.split(separator: ".").dropFirst(2).first.flatMap({ Int($0) }) {
                schemas[index] = value.opened
            }
        }
        return schemas.isEmpty ? nil : FileValue.list(schemas.sorted { $0.key < $1.key }.map(\.value)).json
    }

    private static func settings(_ attributes: [String: FileValue]) -> [String: JSONValue] {
        if let parameters = attributes["llm.invocation_parameters"]?.opened { return ChatShape.settings(parameters) }
        let members = attributes.filter { $0.key.hasPrefix("gen_ai.request.") }.map {
            FileValue.Member(
                name: $0.key == "gen_ai.request.stop_sequences" ? "stop" : String($0.key.dropFirst(15)),
                value: $0.value
            )
        }
        return ChatShape.settings(.members(members))
    }
}
