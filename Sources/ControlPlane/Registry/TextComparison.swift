import Foundation
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// Two versions of a prompt compared part by part: messages, variables, schema, settings.
enum PromptComparison {
    /// The lines of both in order, each with the part it belongs to.
    static func lines(_ left: PromptDocument, _ right: PromptDocument) -> [DiffLine] {
        var leftParts = parts(left)
        var rightParts = parts(right)
        // Each message is compared with the one of its role, so that their order is a part of its own.
        let orders = [left, right].map { $0.messages.map(\.role.rawValue).joined(separator: ", ") }
        if orders[0] != orders[1] {
            leftParts.insert(("order", [orders[0]]), at: 1)
            rightParts.insert(("order", [orders[1]]), at: 1)
        }
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
        if let thinking = document.thinking { parts.append(("thinking", [thinking.rawValue])) }
        if let rule = document.clientSystem { parts.append(("clientSystem", [rule.rawValue])) }
        if let seconds = document.deadlineSeconds { parts.append(("deadline", [NumberText.setTime(seconds)])) }
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

/// Two texts compared line by line: the longest common subsequence, removed lines before added ones.
enum LineComparison {
    /// The most lines of a text that are compared one by one; longer texts are shown as replaced.
    private static let limit = 1_000

    /// The lines of both texts in order.
    static func lines(_ left: [String], _ right: [String], section: String) -> [DiffLine] {
        var result: [DiffLine] = []
        // Myers' comparison (1986) takes time with the product of lines and differences.
        guard left.count <= limit, right.count <= limit else {
            return left.map { DiffLine(kind: .removed, section: section, text: $0) }
                + right.map { DiffLine(kind: .added, section: section, text: $0) }
        }
        // By bytes: texts that look equal and are not are other tokens to a model.
        let difference = right.difference(from: left) { $0.utf8.elementsEqual($1.utf8) }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var leftIndex = 0
        var rightIndex = 0
        while leftIndex < left.count || rightIndex < right.count {
            if leftIndex < left.count, removed.contains(leftIndex) {
                result.append(DiffLine(kind: .removed, section: section, text: left[leftIndex]))
                leftIndex += 1
            } else if rightIndex < right.count, inserted.contains(rightIndex) {
                result.append(DiffLine(kind: .added, section: section, text: right[rightIndex]))
                rightIndex += 1
            } else if leftIndex < left.count {
                result.append(DiffLine(kind: .same, section: section, text: left[leftIndex]))
                leftIndex += 1
                rightIndex += 1
            } else {
                break
            }
        }
        return result
    }
}
