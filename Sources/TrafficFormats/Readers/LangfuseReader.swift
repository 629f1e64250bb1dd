import RegistryTypes

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
