import Foundation
import RegistryTypes
import UserDocuments
import WireFormat

/// Two versions of a prompt compared part by part: messages, variables, schema, settings.
enum PromptComparison {
    /// The lines of both in order, each with the part it belongs to.
    static func lines(_ left: PromptDocument, _ right: PromptDocument) -> [DiffLine] {
        let leftParts = parts(left)
        let rightParts = parts(right)
        var names = leftParts.map(\.name)
        names += rightParts.map(\.name).filter { !names.contains($0) }
        return names.flatMap { name in
            LineComparison.lines(
                leftParts.first { $0.name == name }?.lines ?? [],
                rightParts.first { $0.name == name }?.lines ?? [],
                section: name
            )
        }
    }

    private static func parts(_ document: PromptDocument) -> [(name: String, lines: [String])] {
        var parts: [(name: String, lines: [String])] = [("format", [document.format.rawValue])]
        var seen: [String: Int] = [:]
        for message in document.messages {
            seen[message.role.rawValue, default: 0] += 1
            let count = seen[message.role.rawValue] ?? 1
            let name = count == 1 ? message.role.rawValue : "\(message.role.rawValue) \(count)"
            let lines = message.text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
            parts.append((name, lines.map { String(decoding: $0, as: UTF8.self) }))
        }
        parts.append(
            (
                "variables",
                document.variables.map { variable in
                    variable.name + (variable.isRequired ? ", required" : ", optional")
                        + (variable.maxLength.map { ", at most \($0) characters" } ?? "")
                }
            )
        )
        if let schema = document.output, let data = try? prettyJSON(schema) {
            let lines = data.split(separator: 0x0a, omittingEmptySubsequences: false)
            parts.append(("output schema", lines.map { String(decoding: $0, as: UTF8.self) }))
        }
        parts.append(("decoding", ComparedThing.rows(of: document.decoding).map { "\($0.0) \($0.1)" }))
        return parts
    }

    private static func prettyJSON(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}
