import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// An incident as the beginning of a post-mortem, in Markdown (CommonMark with tables).
enum IncidentMarkdown {
    /// The document; what others wrote is text in it, never markup.
    static func text(_ view: IncidentView) -> String {
        let row = view.row
        var lines = [
            "# Incident \(row.id): \(escaped(row.title))", "",
            "- Model: \(escaped(row.place))" + (row.release.map { ", release r\($0)" } ?? ""),
            "- Severity: \(escaped(row.severity)), family \(escaped(row.family))",
            "- Opened: \(TimeText.second(row.openedAt))",
        ]
        if let closed = row.closedAt {
            let lasted = NumberText.duration(max(0, closed.seconds(since: row.openedAt)))
            lines.append("- Closed: \(TimeText.second(closed)), after \(lasted)")
        } else {
            lines.append("- Open when this was written, \(TimeText.second(view.at))")
        }
        if let rollout = view.rollout { lines.append("- Rollout: \(rollout)") }
        lines += ["", "## Summary", "", escaped(view.sentence), ""]
        lines += view.facts.map { "- \(escaped($0))" }
        lines += section("What changed before", timeline(view.changedBefore))
        lines += section("Timeline (UTC)", timeline(view.timeline))
        lines += section("Samples", samples(view.samples))
        lines += ["", "## Impact", "", "_Who noticed, and what it cost them._"]
        lines += ["", "## Cause", "", "_Why it happened, and why nothing stopped it earlier._"]
        lines += ["", "## What is done about it", "", "| what | who | until |", "|---|---|---|", "| | | |"]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ heading: String, _ table: [String]) -> [String] {
        table.isEmpty ? [] : ["", "## \(heading)", ""] + table
    }

    private static func timeline(_ rows: [TimelineRow]) -> [String] {
        guard !rows.isEmpty else { return [] }
        return ["| time | by | what | entry |", "|---|---|---|---|"]
            + rows.map { row in
                let entry = row.event.map { "\\#\($0)" } ?? ""
                return "| \(TimeText.second(row.at)) | \(escaped(row.by)) | \(escaped(row.text)) | \(entry) |"
            }
    }

    private static func samples(_ rows: [RequestRow]) -> [String] {
        guard !rows.isEmpty else { return [] }
        return ["| request | time | release | outcome | valid | label |", "|---|---|---|---|---|---|"]
            + rows.map { row in
                let record = row.record
                let valid = record.isOutputValid.map { $0 ? "yes" : "no" } ?? "unknown"
                let label = row.isCorrect.map { $0 ? "right" : "wrong" } ?? "none"
                return "| `\(record.id)` | \(TimeText.second(record.time)) | r\(record.release) \(record.arm.rawValue) "
                    + "| \(record.outcome.rawValue) | \(valid) | \(label) |"
            }
    }

    /// `text` on one line, with every character that Markdown or HTML could take for markup escaped.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        let scalars = Array(SafeText.line(text).unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            // A bare address would become a link.
            case ":" where index + 1 < scalars.count && scalars[index + 1] == "/":
                result.append(contentsOf: "\\:".unicodeScalars)
            case "." where index >= 3 && scalars[index - 3..<index].allSatisfy { $0 == "w" || $0 == "W" }:
                result.append(contentsOf: "\\.".unicodeScalars)
            case "<": result.append(contentsOf: "&lt;".unicodeScalars)
            case "&": result.append(contentsOf: "&amp;".unicodeScalars)
            case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "!", ">":
                result.append("\\")
                result.append(scalar)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
