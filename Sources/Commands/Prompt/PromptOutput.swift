import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What the verbs about prompts print.
enum PromptOutput {
    /// The prompts.
    static func list(_ prompts: [PromptSummary], now: Timestamp) -> Report {
        var table = Table(
            .text("PROMPT"),
            .text("LATEST"),
            .figure("VERSIONS"),
            .text("USED BY"),
            .text("AGE"),
            .text("BY"),
            .long("MESSAGE")
        )
        for prompt in prompts {
            let used = prompt.usedBy.map { "\($0.model)@\($0.channel)" }.joined(separator: ", ")
            table.row(
                Cell(prompt.name.text),
                Cell("@\(prompt.latest.id.number)"),
                Cell(String(prompt.versions)),
                Cell(used.isEmpty ? "-" : used),
                Cell(NumberText.elapsed(now.seconds(since: prompt.latest.pushedAt))),
                Cell(prompt.latest.pushedBy),
                Cell(prompt.latest.message ?? "")
            )
        }
        return Report { $0.table(table) }
    }

    /// One version of a prompt in full, and the versions there are.
    static func show(_ view: PromptView, version: PromptRecord, now: Timestamp) -> Report {
        let document = version.document
        return Report { report in
            let used = view.usedBy.filter { $0.version == version.id.number }.map {
                "\($0.channel.model)@\($0.channel.channel)"
            }
            report.line(
                Cell(version.id.description, .strong),
                Cell("  \(version.digest.short)"),
                Cell(used.isEmpty ? "" : "  used by \(used.joined(separator: ", "))", .good)
            )
            report.line(
                Cell(
                    "  by \(version.pushedBy), \(TimeText.second(version.pushedAt))"
                        + (version.message.map { ": \($0)" } ?? "")
                )
            )
            report.line(Cell("  format    \(document.format.rawValue)"))
            if let thinking = document.thinking { report.line(Cell("  thinking  \(thinking.rawValue)")) }
            report.line(Cell("  settings  \(ReportWords.decoding(document.decoding))"))
            report.line(Cell("  system    messages of requests are \(document.clientSystemWords)"))
            if let seconds = document.deadlineSeconds {
                report.line(Cell("  deadline  \(NumberText.setTime(seconds))"))
            }
            let variables = document.variables.map { variable in
                variable.name + (variable.isRequired ? "" : "?") + (variable.maxLength.map { " (at most \($0))" } ?? "")
            }
            if !variables.isEmpty { report.line(Cell("  variables \(variables.joined(separator: ", "))")) }
            report.line(Cell("  output    \(document.output == nil ? "any text" : "JSON that fits the schema")"))
            for message in document.messages {
                report.blank()
                report.line(Cell("  \(message.role.rawValue)", .faint))
                for line in message.text.lines {
                    report.line(Cell("    \(line)"))
                }
            }
            if let example = view.example, example.prompt == version.id {
                report.blank()
                report.add(self.example(example))
            }
            if view.versions.count > 1 {
                report.blank()
                var table = Table(.text("VERSION"), .text("AGE"), .text("BY"), .long("MESSAGE"), indent: 2)
                for record in view.versions {
                    table.row(
                        Cell(record.id.description),
                        Cell(NumberText.elapsed(now.seconds(since: record.pushedAt))),
                        Cell(record.pushedBy),
                        Cell(record.message ?? "")
                    )
                }
                report.table(table)
                let older = (view.versionCount ?? 0) - view.versions.count
                if older > 0 { report.line(Cell("  and \(NumberText.count(older)) older ones", .faint)) }
            }
        }
    }

    /// The prompt as a release reads it, or why that cannot be said.
    private static func example(_ example: PromptExample) -> Report {
        Report { report in
            let release = ReleaseID(example.channel.model, example.channel.release)
            let head = "  as \(release) reads it, live in \(example.channel.channel)"
            guard let count = example.count, let contextLength = example.contextLength else {
                report.line(Cell(head, .faint))
                report.line("    ", StatusCell.notice(example.problem ?? "it cannot be rendered"))
                return
            }
            let tokens = "\(NumberText.count(count)) of at most \(NumberText.count(contextLength)) tokens"
            report.line(Cell("\(head): \(tokens)", .faint))
            report.add(PromptRenderVerb.text(example.runs, indent: "    "))
        }
    }

    /// Two versions of a prompt line by line; long stretches without a change are left out.
    static func diff(_ diff: PromptDiff) -> Report {
        Report { report in
            let message = diff.to.message.map { ", \"\($0)\"" } ?? ""
            report.line(
                Cell("\(diff.from.id.name) \(diff.from.id.number) → \(diff.to.id.number)", .strong),
                Cell("    by \(diff.to.pushedBy)\(message)")
            )
            var section = ""
            for line in diff.lines {
                if line.section != section { report.line(Cell("  \(line.section)", .faint)) }
                section = line.section
                switch line.kind {
                case .same: report.line(Cell("    \(line.text)"))
                case .removed: report.line(Cell("-   \(line.text)", .bad))
                case .added: report.line(Cell("+   \(line.text)", .good))
                }
            }
            if !diff.lines.contains(where: { $0.kind != .same }) { report.line(StatusCell.pass("no difference")) }
        }
    }
}
