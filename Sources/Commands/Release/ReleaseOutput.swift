import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about releases print.
enum ReleaseOutput {
    /// The releases of a model.
    static func list(_ releases: [ReleaseRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("RELEASE"),
            .text("WHAT"),
            .text("SETTINGS"),
            .text("AGE"),
            .text("BY"),
            .wide("DIGEST"),
            .long("REJECTED")
        )
        for release in releases {
            table.row(
                Cell(release.id.description),
                Cell(ReportWords.what(release.content)),
                Cell(ReportWords.decoding(release.content.decoding)),
                Cell(NumberText.elapsed(now.seconds(since: release.createdAt))),
                Cell(release.createdBy),
                Cell(release.digest.short),
                release.rejections.isEmpty ? "" : StatusCell.fail(RejectionWords.reasons(release.rejections))
            )
        }
        return Report { $0.table(table) }
    }

    /// All about a release.
    static func show(_ view: ReleaseView, now: Timestamp) -> Report {
        let release = view.release
        return Report { report in
            report.line(Cell(release.id.description, .strong), Cell("  \(release.digest.short)"))
            var facts = Table(.text(""), .text(""), indent: 2)
            facts.row(
                "version",
                Cell(
                    "\(view.version.id)  \(view.version.digest.short)  "
                        + NumberText.bytes(view.version.manifest.sizeBytes)
                )
            )
            facts.row("prompt", Cell("\(view.prompt.id)  \(view.prompt.digest.short)"))
            facts.row("settings", Cell(ReportWords.decoding(release.content.decoding)))
            facts.row("made", Cell("\(TimeText.second(release.createdAt)) by \(release.createdBy)"))
            for channel in view.liveIn ?? [] { facts.row("live in", StatusCell.pass(channel.text)) }
            for rejection in release.rejections {
                let since = NumberText.ago(now.seconds(since: rejection.at))
                facts.row(
                    "rejected",
                    StatusCell.fail("in \(rejection.channel?.text ?? "every channel"), \(since): \(rejection.reason)")
                )
                let end = RejectionWords.end(
                    of: rejection,
                    release.id,
                    isRunnable: view.version.isLoadable,
                    document: view.canaryDocument
                )
                facts.row("ends with", Cell(end.text))
            }
            report.table(facts)
            if !view.moves.isEmpty {
                report.blank()
                report.line("Moves")
                report.table(ModelOutput.moves(view.moves))
            }
            if !view.canaries.isEmpty {
                report.blank()
                report.add(CanaryOutput.list(view.canaries, now: now))
            }
            if !view.evaluations.isEmpty {
                report.blank()
                report.add(EvaluationOutput.list(view.evaluations.map { EvaluationSummary($0) }, now: now))
            }
            if !view.decisions.isEmpty {
                report.blank()
                report.add(decisions(view.decisions))
            }
        }
    }

    /// What policies decided.
    static func decisions(_ decisions: [DecisionSummary]) -> Report {
        var table = Table(.text("DECISION"), .text("RELEASE"), .text("CHANNEL"), .text("ANSWER"), .text("TIME"))
        for decision in decisions {
            table.row(
                Cell(decision.id.description),
                Cell(decision.release.description),
                Cell(decision.channel.text),
                decision.overridden
                    ? StatusCell.notice("overridden")
                    : decision.allowed ? StatusCell.pass("allowed") : StatusCell.fail("refused"),
                Cell(TimeText.second(decision.at))
            )
        }
        return Report { $0.table(table) }
    }

    /// Two things compared, group by group; equal rows only when `showsEqual`.
    static func difference(_ difference: Difference, showsEqual: Bool) -> Report {
        let rows = difference.rows.filter { showsEqual || !$0.isEqual }
        return Report { report in
            guard !rows.isEmpty else {
                report.line(StatusCell.pass("\(difference.left) and \(difference.right) do not differ"))
                return
            }
            var table = Table(.text(""), .long(difference.left), .long(difference.right))
            var group = ""
            for row in rows {
                if row.group != group { table.row(Cell(row.group, .strong)) }
                group = row.group
                let tone: TextTone = row.isEqual ? .faint : .plain
                table.row(
                    Cell("\(row.isEqual ? "  " : "≠ ")\(row.field)", tone),
                    Cell(row.left ?? "-", tone),
                    Cell(row.right ?? "-", tone)
                )
            }
            report.table(table)
        }
    }
}
