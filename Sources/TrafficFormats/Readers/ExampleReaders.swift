import RegistryTypes
import StrictJSON

/// Conversations as the data sets of chats write them: `from` and `value`.
enum ShareGPTReader {
    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let turns = record["conversations"]?.list else { throw RecordProblem("\"conversations\" must be a list") }
        var messages: [ChatMessage] = []
        if let system = record["system"]?.text, !system.isEmpty {
            messages.append(ChatMessage(role: .system, text: system))
        }
        for (index, turn) in turns.enumerated() {
            let place = "conversations[\(index)]"
            guard let from = turn["from"]?.text ?? turn["role"]?.text else {
                throw RecordProblem("\(place) must have from and value")
            }
            guard let value = turn["value"] ?? turn["content"] else { throw RecordProblem("\(place).value is missing") }
            if from == "function_call" || from == "tool_call" {
                let calls = value.opened
                let made = try ChatShape.calls(.list(calls.list ?? [calls]), place)
                messages.append(ChatMessage(role: .assistant, text: "", calls: made))
            } else {
                guard let role = ChatShape.role(from) else {
                    throw RecordProblem(
                        "\(place).from is \"\(from.printable)\": human, gpt, system, function_call or observation"
                    )
                }
                messages.append(ChatMessage(role: role, text: value.said))
            }
        }
        let (asked, expected) = ChatShape.split(messages, &output)
        var request = ImportedRequest(.messages(asked))
        request.id = record["id"]?.word
        request.expected = expected
        if let tools = record["tools"]?.opened.list, !tools.isEmpty { request.tools = FileValue.list(tools).json }
        output.leave(record, but: ["id", "conversations", "system", "tools"])
        output.requests.append(request)
    }
}

/// Examples of instructions: instruction and input are one message, the output is what should come.
enum AlpacaReader {
    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let instruction = record["instruction"]?.text else {
            throw RecordProblem("\"instruction\" must be a text")
        }
        var messages: [ChatMessage] = []
        if let system = record["system"]?.text, !system.isEmpty {
            messages.append(ChatMessage(role: .system, text: system))
        }
        for turn in record["history"]?.list ?? [] {
            guard let pair = turn.list, pair.count == 2 else {
                throw RecordProblem("\"history\" must be pairs of texts")
            }
            messages.append(ChatMessage(role: .user, text: pair[0].said))
            messages.append(ChatMessage(role: .assistant, text: pair[1].said))
        }
        let input = record["input"]?.said ?? ""
        messages.append(ChatMessage(role: .user, text: input.isEmpty ? instruction : "\(instruction)\n\n\(input)"))
        var request = ImportedRequest(.messages(messages))
        request.id = record["id"]?.word
        request.expected = record["output"].map(\.said)
        output.leave(record, but: ["id", "instruction", "input", "output", "system", "history"])
        output.requests.append(request)
    }
}
