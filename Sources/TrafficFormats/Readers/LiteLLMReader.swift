import RegistryTypes

/// Rows of a LiteLLM proxy's log of spend. What was answered then is no expected answer: nobody called it right.
enum LiteLLMReader {
    private static let chatCalls: Set = ["completion", "acompletion", "acompletion_stream", "completion_stream"]

    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        if let call = record["call_type"]?.text, !call.isEmpty, !chatCalls.contains(call) {
            return output.leave("rows of call_type \(call)")
        }
        let sent = record["proxy_server_request"]?.opened
        let messages = [record["messages"]?.opened.list, sent?["messages"]?.list].compactMap(\.self).first {
            !$0.isEmpty
        }
        guard let messages else {
            return output.leave("rows without their messages (store_prompts_in_spend_logs was off)")
        }
        var asked = sent?.all.filter { $0.name != "messages" } ?? []
        asked.append(FileValue.Member(name: "messages", value: .list(messages)))
        var request = try ChatShape.request(.members(asked), &output)
        request.id = record["request_id"]?.word
        request.conversation = record["session_id"]?.word ?? request.conversation
        for tag in record["request_tags"]?.opened.list ?? [] { if let word = tag.word { request.tags[word] = "yes" } }
        request.askedAt = record["startTime"]?.text.flatMap { time($0) }
        if record["response"] != nil { output.leave("answers of then") }
        output.requests.append(request)
    }

    /// `2026-11-21 14:00:00.000+00:00`, as a database prints a time, is one too.
    private static func time(_ text: String) -> Timestamp? {
        var text = String(text.prefix(40).map { $0 == " " ? "T" : $0 })
        if text.hasSuffix("+00:00") { text = text.dropLast(6) + "Z" }
        return Timestamp(text) ?? Timestamp(text + "Z")
    }
}
