import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// A canary as Markdown (CommonMark with tables), for a review or a ticket.
enum CanaryMarkdown {
    /// The document; what others wrote is text in it, never markup.
    static func text(_ view: CanaryView) -> String {
        let record = view.record
        var lines = ["# Canary \(record.id): \(escaped("\(record.candidate)")) against r\(record.baseline.number)", ""]
        guard let report = view.report else {
            lines.append("**\(record.state.rawValue)**: " + escaped(CanaryOutput.unjudged(view)))
            return lines.joined(separator: "\n") + "\n"
        }
        lines.append("**\(escaped(CanaryOutput.headline(view, report)))**")
        lines += ["", "- Traffic: \(escaped(report.traffic.text)), \(NumberText.count(report.requests, "pair"))"]
        lines += report.judgment.reasons.map { "- \(escaped($0))" }
        lines += ["", "## Checks", "", "Degradation: positive is worse.", ""]
        lines += [
            "| check | baseline | candidate | worse by | interval | allowed | verdict |",
            "|---|--:|--:|--:|---|--:|---|",
        ]
        lines += report.judgment.checks.map { row($0) }
        let flips = report.judgment.checks.compactMap { check in check.flips.map { (check.title, $0) } }
        if !flips.isEmpty {
            lines += ["", "## What changed within pairs", ""]
            lines += ["| check | got worse | got better | both good | both bad |", "|---|--:|--:|--:|--:|"]
            lines += flips.map { name, flips in
                "| \(escaped(name)) | \(flips.gotWorse) | \(flips.gotBetter) | \(flips.bothGood) | \(flips.bothBad) |"
            }
        }
        lines += slices(report.judgment)
        let run = report.run
        lines += [
            "", "## Run", "",
            "- \(NumberText.count(report.different)) of \(NumberText.count(report.requests, "pair")) answered differently",
            "- Seed \(run.seed), document \(escaped(record.document.text)) `\(run.documentDigest)`",
            "- Set `\(run.trafficDigest)`, candidate `\(run.candidateDigest)`, baseline `\(run.baselineDigest)`",
            "- Build \(escaped(run.build)), \(NumberText.duration(run.seconds))",
        ]
        if let at = record.finishedAt {
            lines.append("- Judged \(TimeText.second(at)), asked for by \(escaped(record.startedBy))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The most slices of a comment.
    private static let maxSlices = 20

    private static func slices(_ judgment: Judgment) -> [String] {
        let checks = Dictionary(judgment.checks.map { ($0.title, $0) }) { first, _ in first }
        let rows = (judgment.slices ?? []).compactMap { slice -> String? in
            guard let check = checks[slice.check] else { return nil }
            let text = CheckText(check)
            let cells = [
                "\(slice.key): \(slice.value)", slice.check, NumberText.count(slice.samples),
                text.degradation(slice.estimate), "90 %: \(text.bare(slice.lower)) … \(text.bare(slice.upper))",
                slice.isFlagged ? "worse here" : "",
            ]
            return "| " + cells.map(escaped).joined(separator: " | ") + " |"
        }
        guard !rows.isEmpty else { return [] }
        let left = rows.count - maxSlices
        return ["", "## Slices", "", "| slice | check | pairs | worse by | interval | |", "|---|---|--:|--:|---|---|"]
            + rows.prefix(maxSlices) + (left > 0 ? ["", "\(NumberText.count(left)) more are in the JSON."] : [])
    }

    private static func row(_ check: CheckResult) -> String {
        let text = CheckText(check)
        let cells = [
            check.title + (check.critical ? " (critical)" : ""), text.value(check.baseline),
            text.value(check.candidate),
            text.degradation(check.estimate), text.interval, check.watchOnly ? "–" : text.amount(check.margin),
            CanaryOutput.word(check),
        ]
        return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }

    private static func escaped(_ text: String) -> String { IncidentMarkdown.escaped(text) }
}
