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

/// Samples of a log of Inspect in JSON: the input and the target, not what a model made of it.
enum InspectReader {
    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        if let epoch = record["epoch"]?.number, epoch > 1 { return output.leave("samples of further epochs") }
        guard let input = record["input"] else { throw RecordProblem("\"input\" is missing") }
        var request = ImportedRequest(try ChatShape.content(of: input, &output))
        request.id = record["id"]?.word
        if let targets = record["target"]?.list {
            request.expected = targets.first.map(\.said)
            if targets.count > 1 { output.leave("further targets") }
        } else {
            request.expected = ChatShape.expected(record["target"]).flatMap { $0.isEmpty ? nil : $0 }
        }
        request.tags = ChatShape.tags(record["metadata"])
        for name in ["choices", "files", "sandbox", "setup"] where record[name] != nil { output.leave(name) }
        if record["output"] != nil { output.leave("answers of then") }
        output.requests.append(request)
    }
}

/// Items of a Langfuse data set, as its interface and its export write them.
enum LangfuseReader {
    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard record["status"]?.text != "ARCHIVED" else { return output.leave("archived items") }
        guard let input = record["input"] else { throw RecordProblem("\"input\" is missing") }
        var request = ImportedRequest(try ChatShape.content(of: input, &output))
        request.id = record["id"]?.word
        request.expected = ChatShape.expected(record["expectedOutput"])
        request.tags = ChatShape.tags(record["metadata"]?.opened)
        // Where it stands in its data set says nothing of what is asked.
        output.leave(
            record,
            but: [
                "id", "input", "expectedOutput", "metadata", "status", "datasetId", "datasetName", "createdAt",
                "updatedAt",
                "projectId",
            ]
        )
        output.requests.append(request)
    }
}
