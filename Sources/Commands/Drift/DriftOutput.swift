import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about drift print.
enum DriftOutput {
    /// What a drift report concludes, as a cell.
    static func state(verdict: String) -> Cell {
        switch DriftVerdict(rawValue: verdict) {
        case .some(let known):
            switch known {
            case .none: StatusCell.pass(known.words)
            case .changed, .ticket: StatusCell.notice(known.words)
            case .page: StatusCell.fail(known.words)
            case .learning: StatusCell.waiting(known.words)
            case .unknown: StatusCell.unknown(known.words)
            }
        case nil: StatusCell.unknown(verdict == "tooLittleData" ? "too little data" : verdict)
        }
    }

    /// The drift reports.
    static func list(_ rows: [DriftRow], now: Timestamp) -> Report {
        var table = Table(
            .text("DRIFT"),
            .text("MODEL"),
            .text("VERDICT"),
            .figure("REQUESTS"),
            .text("AGE"),
            .long("WHAT"),
            .spare("BY"),
            .wide("FROM"),
            .wide("TO")
        )
        for row in rows {
            table.row(
                Cell(row.id.description),
                Cell("\(row.model)@\(row.channel)"),
                state(verdict: row.verdict),
                Cell(NumberText.count(row.requests)),
                Cell(NumberText.elapsed(now.seconds(since: row.at))),
                Cell(row.sentence),
                Cell(row.by),
                Cell(TimeText.second(row.since)),
                Cell(TimeText.second(row.until))
            )
        }
        return Report { $0.table(table) }
    }

    /// The references of drift.
    static func baselines(_ rows: [BaselineView], now: Timestamp) -> Report {
        var table = Table(
            .text("REFERENCE"),
            .text("MODEL"),
            .text("STATE"),
            .figure("REQUESTS"),
            .text("ANSWERED BY"),
            .text("FROM"),
            .text("TO"),
            .text("AGE"),
            .text("BY"),
            .wide("SCORED BY"),
            .wide("DIGEST")
        )
        for row in rows {
            table.row(
                Cell(row.id),
                Cell("\(row.model)@\(row.channel)"),
                Cell(row.state),
                Cell(NumberText.count(row.requests)),
                Cell(row.answeredBy, row.rejected?.isEmpty == false ? .notice : .plain),
                Cell(TimeText.second(row.since)),
                Cell(TimeText.second(row.until)),
                Cell(NumberText.elapsed(now.seconds(since: row.setAt))),
                Cell(row.setBy),
                Cell(row.referenceModel?.description ?? "-"),
                Cell(String(row.digest.prefix(19)))
            )
        }
        return Report { $0.table(table) }
    }

    /// A reference that was just set.
    static func baseline(_ view: BaselineView) -> Report {
        Report { report in
            report.line(
                StatusCell.pass(view.id),
                Cell("  \(view.model)@\(view.channel), \(NumberText.count(view.requests, "request")), \(view.state)")
            )
            let words = "answered by \(view.answeredBy)"
            report.line("  ", view.rejected?.isEmpty == false ? StatusCell.notice(words) : Cell(words))
            report.line(Cell("  \(TimeText.second(view.since)) to \(TimeText.second(view.until))"))
        }
    }

    /// A drift report: the verdict, whether it hurts, every signal, where and which prompts, what changed meanwhile.
    static func show(_ view: DriftView) -> Report {
        let found = view.report
        return Report { report in
            report.line(
                Cell("drift \(view.row.id)", .strong),
                Cell(
                    "  \(view.row.model)@\(view.row.channel)   \(NumberText.count(found.window.requests)) requests against "
                        + NumberText.count(found.reference.requests)
                )
            )
            report.line(
                Cell(
                    "  \(TimeText.second(found.window.from)) to \(TimeText.second(found.window.to)), reference "
                        + "\(TimeText.second(found.reference.from)) to \(TimeText.second(found.reference.to))"
                )
            )
            report.line("")
            let verdict = state(verdict: view.row.verdict)
            report.line(
                verdict,
                Cell("   \(found.sentence)")
            )
            if !found.tests.isEmpty { report.line(Cell("  \(found.tally)", .faint)) }
            if let progress = found.learning {
                report.line(
                    Cell(
                        "  the reference has \(NumberText.count(progress.requests)) of "
                            + "\(NumberText.count(progress.wantedRequests, "request")) and \(progress.days) of "
                            + NumberText.count(progress.wantedDays, "day")
                    )
                )
            }
            for fault in found.faults {
                let muted = fault.family.map { "; \($0.rawValue) is muted" } ?? ""
                report.line("  ", StatusCell.fail("\(fault.field): \(fault.reason)\(muted)"))
            }
            if found.dropped > 0 {
                report.line(
                    "  ",
                    StatusCell.notice("not captured in the window: \(NumberText.count(found.dropped, "request"))")
                )
            }
            report.add(DriftTables.degradations(found.degradations))
            report.add(DriftTables.signals(found.tests))
            report.add(DriftTables.course(found.course))
            report.add(DriftTables.places(found.places, unseen: found.unseen))
            report.add(DriftTables.prompts(found.explanation))
            report.add(IncidentOutput.timeline("What changed in the window", view.changes))
            report.line("")
            report.line(Cell("next: \(found.action.sentence)"))
            if !found.action.command.isEmpty { report.line(Cell("      \(found.action.command)")) }
        }
    }
}
