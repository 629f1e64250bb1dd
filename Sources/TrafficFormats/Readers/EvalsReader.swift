import RegistryTypes

/// Items of OpenAI's Evals: `item` with values of the author's own names, or `input` and `ideal`.
enum EvalsReader {
    /// Names of values that say what should come, the first of them that is there.
    static let expectedNames = [
        "expected", "expected_output", "expectedOutput", "ideal", "ground_truth", "correct_label", "reference_answer",
        "reference", "target", "answer", "label",
    ]

    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let item = record["item"], item.isObject else { return try readInput(record, &output) }
        let name = expectedNames.first { item[$0] != nil }
        var request: ImportedRequest
        if let items = (item["messages"] ?? item["input"])?.opened.list, items.allSatisfy({ $0.has("role") }),
            !items.isEmpty
        {
            request = ImportedRequest(.messages(try ChatShape.messages(items, &output)))
            output.leave(item, but: Set(["messages", "input", "id", name].compactMap(\.self)), in: "item.")
        } else {
            request = ImportedRequest(
                .variables(ChatShape.variables(.members(item.all.filter { $0.name != name && $0.name != "id" })))
            )
        }
        request.id = (record["id"] ?? item["id"])?.word
        request.expected = name.flatMap { ChatShape.expected(item[$0]) }
        output.leave(record, but: ["item", "id"])
        output.requests.append(request)
    }

    private static func readInput(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let input = record["input"] else { throw RecordProblem("\"input\" is missing") }
        var request = ImportedRequest(try ChatShape.content(of: input, &output))
        request.id = record["id"]?.word
        if let ideals = record["ideal"]?.list {
            request.expected = ideals.first.map(\.said)
            if ideals.count > 1 { output.leave("further ideal answers") }
        } else {
            request.expected = ChatShape.expected(record["ideal"])
        }
        output.leave(record, but: ["input", "ideal", "id"])
        output.requests.append(request)
    }
}
