import RegistryTypes
import StrictJSON
import StrictYAML

/// Tests of promptfoo: values for variables, and what is asserted of the answer, of which `equals` is an expected answer.
enum PromptfooReader {
    static func read(_ record: FileValue, _ output: inout RecordOutput) throws(RecordProblem) {
        guard let vars = record["vars"], vars.isObject else {
            throw RecordProblem("\"vars\" must be an object with values")
        }
        for member in vars.all {
            if member.value.list != nil {
                throw RecordProblem(
                    "variable \(member.name.printable) is a list, which stands for one test each: write them out"
                )
            }
            if member.value.text?.utf8.starts(with: "file://".utf8) == true {
                throw RecordProblem(
                    "variable \(member.name.printable) is in another file, which is not read: write its value"
                )
            }
        }
        var request = ImportedRequest(.variables(ChatShape.variables(vars)))
        request.id = record["id"]?.word
        request.tags = ChatShape.tags(record["metadata"])
        for check in record["assert"]?.list ?? [] {
            let type = check["type"]?.text ?? "none"
            if type == "equals", request.expected == nil, let value = check["value"] {
                request.expected = value.said
            } else {
                output.leave("assert \(type)")
            }
        }
        output.leave(record, but: ["id", "vars", "assert", "metadata"])
        output.requests.append(request)
    }

    /// The value that YAML is: scalars are texts, but for an empty one, which is nothing.
    static func value(_ node: YAMLNode) -> FileValue {
        switch node.value {
        case .scalar(let text, let isQuoted): !isQuoted && ["", "~", "null"].contains(text) ? .null : .text(text)
        case .sequence(let elements): .list(elements.map(value))
        case .mapping(let entries): .members(entries.map { FileValue.Member(name: $0.key, value: value($0.value)) })
        }
    }
}
