import RegistryTypes

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
