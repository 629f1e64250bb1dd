import RegistryTypes

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
