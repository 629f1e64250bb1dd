import RegistryRecords
import RegistryTypes
import WireFormat

extension Report {
    /// What a drift report concludes, as a cell.
    static func drift(verdict: String) -> Cell {
        switch DriftVerdict(rawValue: verdict) {
        case .some(.none): Sign.pass("stable")
        case .changed: Sign.notice("changed")
        case .ticket: Sign.fail("drift")
        case .page: Sign.fail("drift, page")
        case .learning: Sign.waiting("learning")
        case nil: Sign.unknown(verdict == "tooLittleData" ? "too little data" : verdict)
        }
    }

    /// The drift reports.
    static func drifts(_ rows: [DriftRow], now: Timestamp) -> Report {
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
                drift(verdict: row.verdict),
                Cell(Figures.count(row.requests)),
                Cell(Figures.age(row.at, now)),
                Cell(row.sentence),
                Cell(row.by),
                Cell(Figures.time(row.since)),
                Cell(Figures.time(row.until))
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
                Cell(Figures.count(row.requests)),
                Cell(Figures.time(row.since)),
                Cell(Figures.time(row.until)),
                Cell(Figures.age(row.setAt, now)),
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
                Sign.pass(view.id),
                Cell("  \(view.model)@\(view.channel), \(Words.count(view.requests, "request")), \(view.state)")
            )
            report.line(Cell("  \(Figures.time(view.since)) to \(Figures.time(view.until))"))
        }
    }

    /// A drift report: the verdict, whether it hurts, every signal, where and which prompts, what changed meanwhile.
    static func drift(_ view: DriftView) -> Report {
        let found = view.report
        return Report { report in
            report.line(
                Cell("drift \(view.row.id)", .strong),
                Cell(
                    "  \(view.row.model)@\(view.row.channel)   \(Figures.count(found.window.requests)) requests against "
                        + Figures.count(found.reference.requests)
                )
            )
            report.line(
                Cell(
                    "  \(Figures.time(found.window.from)) to \(Figures.time(found.window.to)), reference "
                        + "\(Figures.time(found.reference.from)) to \(Figures.time(found.reference.to))"
                )
            )
            report.line("")
            let moved = found.tests.count { $0.state == .moved }
            let verdict = drift(verdict: view.row.verdict)
            report.line(
                verdict,
                Cell("   \(found.sentence)"),
                Cell(found.tests.isEmpty ? "" : "   (\(moved) of \(Words.count(found.tests.count, "signal")))", .faint)
            )
            if let progress = found.learning {
                report.line(
                    Cell(
                        "  the reference has \(Figures.count(progress.requests)) of "
                            + "\(Words.count(progress.wantedRequests, "request")) and \(progress.days) of "
                            + Words.count(progress.wantedDays, "day")
                    )
                )
            }
            for fault in found.faults {
                let muted = fault.family.map { "; \($0.rawValue) is muted" } ?? ""
                report.line("  ", Sign.fail("\(fault.field): \(fault.reason)\(muted)"))
            }
            if found.dropped > 0 {
                report.line(
                    "  ",
                    Sign.notice("not captured in the window: \(Words.count(found.dropped, "request"))")
                )
            }
            report.add(DriftTables.degradations(found.degradations))
            report.add(DriftTables.signals(found.tests))
            report.add(DriftTables.course(found.course))
            report.add(DriftTables.places(found.places, unseen: found.unseen))
            report.add(DriftTables.prompts(found.explanation))
            report.add(timeline("What changed in the window", view.changes))
            report.line("")
            report.line(Cell("next: \(found.action.sentence)"))
            if !found.action.command.isEmpty { report.line(Cell("      \(found.action.command)")) }
        }
    }
}
