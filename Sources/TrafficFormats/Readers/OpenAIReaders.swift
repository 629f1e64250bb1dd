import RegistryTypes
import StrictJSON

/// Lines of OpenAI's interfaces: bodies of chat requests, batches, examples for fine-tuning.
enum OpenAIReaders {
    /// A body of a chat request, or an example: where the assistant speaks last, that is what should come.
    static func chat(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        var request = try ChatShape.request(
            record,
            &output,
            besides: ["id", "expected", "ideal", "tags", "parallel_tool_calls"]
        )
        request.id = record["id"]?.word
        request.expected = ChatShape.expected(record["expected"] ?? record["ideal"]) ?? request.expected
        request.tags.merge(ChatShape.tags(record["tags"])) { $1 }
        output.requests.append(request)
    }

    /// An example: messages, or a prompt with its completion.
    static func fineTune(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard record["messages"] == nil else { return try chat(record, &output) }
        guard let prompt = record["prompt"]?.text, let completion = record["completion"]?.text else {
            throw RecordProblem("\"prompt\" and \"completion\" must be texts")
        }
        var request = ImportedRequest(.messages([ChatMessage(role: .user, text: prompt)]))
        request.id = record["id"]?.word
        request.expected = completion
        output.leave(record, but: ["id", "prompt", "completion"])
        output.requests.append(request)
    }

    /// An example of a preferred answer: that one should come.
    static func preference(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let input = record["input"], input.isObject else {
            throw RecordProblem("\"input\" must be an object with messages")
        }
        var request = try ChatShape.request(input, &output)
        request.id = record["id"]?.word
        if let answers = record["preferred_output"]?.list {
            request.expected = try ChatShape.split(ChatShape.messages(answers, &output), &output).expected
        }
        output.leave(record, but: ["id", "input", "preferred_output"])
        output.requests.append(request)
    }

    /// A line of a batch: a request, or the answer to one, which is known by the request's id.
    static func batch(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let id = record["custom_id"]?.word else { throw RecordProblem("\"custom_id\" must be a text") }
        if let body = record["body"] {
            if let url = record["url"]?.text, !url.utf8.elementsEqual("/v1/chat/completions".utf8) {
                throw RecordProblem("its url is \(url.printable): only /v1/chat/completions can be asked again")
            }
            var request = try ChatShape.request(body.opened, &output)
            request.id = id
            output.leave(record, but: ["custom_id", "body", "url", "method"])
            output.requests.append(request)
        } else if record["error"] == nil, let response = record["response"],
            response["status_code"]?.number ?? 200 == 200,
            let body = response["body"]?.opened, let answer = ChatShape.answer(of: body)
        {
            output.answer = (id, answer)
        } else {
            output.leave("answers of a batch that are an error, or no text")
        }
    }
}
