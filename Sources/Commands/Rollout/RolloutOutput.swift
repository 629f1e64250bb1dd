import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What the verbs about rollouts print.
enum RolloutOutput {
    /// Where a rollout is, as a cell.
    static func state(_ row: RolloutRow) -> Cell {
        switch RolloutState(rawValue: row.state) {
        case .probation: StatusCell.running(row.words)
        case .settled: StatusCell.pass(row.words)
        case .returned: StatusCell.fail(row.words)
        case .rolledBack, .aborted: StatusCell.notice(row.words)
        case .superseded, nil: StatusCell.unknown(row.words)
        }
    }

    /// The rollouts.
    static func list(_ rows: [RolloutRow], now: Timestamp) -> Report {
        var table = Table(
            .text("ROLLOUT"),
            .text("CHANNEL"),
            .text("MOVE"),
            .text("AGE"),
            .long("STATE"),
            .spare("TOOK"),
            .spare("BY"),
            .wide("SETTLED BEFORE"),
            .wide("STARTED")
        )
        for row in rows {
            table.row(
                Cell(row.id.description),
                Cell("\(row.model)@\(row.channel)"),
                Cell((row.previous.map { "r\($0) → " } ?? "") + "r\(row.release)"),
                Cell(NumberText.elapsed(now.seconds(since: row.startedAt))),
                state(row),
                ReportWords.known(row.endedAt) { NumberText.duration(max(0, $0.seconds(since: row.startedAt))) },
                Cell(row.startedBy + (row.isOverride ? ", override" : "")),
                Cell(row.settledRelease.map(ReportWords.release) ?? "-"),
                Cell(TimeText.second(row.startedAt))
            )
        }
        return Report { $0.table(table) }
    }

    /// All about a rollout.
    static func show(_ view: RolloutView) -> Report {
        let row = view.row
        return Report { report in
            let way = (row.previous.map { "r\($0) → " } ?? "") + "r\(row.release)"
            report.line(
                Cell("rollout \(row.id)", .strong),
                Cell("  \(row.model)@\(row.channel) \(way)  "),
                state(row)
            )
            let override = row.isOverride ? " (override)" : ""
            report.line(
                Cell("  began   \(TimeText.second(row.startedAt)) by \(row.startedBy)\(override), \(view.policy)")
            )
            report.line(Cell("  watched \(watched(view))"))
            report.line(Cell("  \(view.sentence)"))
            if let seconds = view.returnedAfterSeconds {
                let served = view.badAnswersServed.map { ", \(NumberText.count($0, "bad answer")) served" } ?? ""
                report.line(
                    Cell(
                        "  \(NumberText.duration(max(0, seconds))) from the first bad answer to the return\(served)",
                        .strong
                    )
                )
            }
            if view.crashes > 0 {
                report.line(
                    "  ",
                    StatusCell.fail(
                        "the server process ended \(NumberText.count(view.crashes, "time")) while it answered"
                    )
                )
            }
            if let incident = view.incident {
                report.line(Cell("  incident \(incident): \(NextStep.incidentShow(incident))"))
            }
            report.add(triggers(view.triggers))
            report.add(arms(view.arms))
            report.add(IncidentOutput.timeline("What happened", view.timeline))
            report.line("")
            report.line(
                Cell(view.dataUntil.map { "data until \(TimeText.second($0))" } ?? "no request was counted", .faint)
            )
        }
    }

    /// What begins with a promotion: for how long, against what, and what would take it back.
    static func probation(_ view: RolloutView) -> Report {
        Report { report in
            let held = view.heldBack.map { ", \($0)" }
            report.line(
                StatusCell.running("\(view.row.id)"),
                Cell("  watched for \(NumberText.setTime(view.probationSeconds))\(held ?? "")")
            )
            for trigger in view.triggers { report.line(Cell("  goes back at: \(trigger.trigger)")) }
        }
    }

    private static func watched(_ view: RolloutView) -> String {
        let whole = NumberText.setTime(view.probationSeconds)
        let held = view.heldBack.map { "; \($0)" } ?? ""
        return "\(NumberText.elapsed(min(view.watchedSeconds, view.probationSeconds))) of \(whole)\(held)"
    }

    private static func triggers(_ rows: [RolloutTriggerRow]) -> Report {
        Report { report in
            guard !rows.isEmpty else { return }
            var table = Table(
                .text("STATE"),
                .figure("VALUE"),
                .figure("FIRES AT"),
                .long("TRIGGER"),
                .note("HOW"),
                indent: 2
            )
            for row in rows {
                let state: Cell =
                    switch row.state {
                    case "quiet": StatusCell.pass("quiet")
                    case "suspected": StatusCell.notice("suspected")
                    case "shared": StatusCell.notice("shared")
                    case "one key": StatusCell.notice("one key")
                    case "fired": StatusCell.fail("fired")
                    default: StatusCell.unknown(row.state)
                    }
                table.row(
                    state,
                    Cell(row.value.map { NumberText.plain($0, 1) } ?? "unknown"),
                    Cell(NumberText.plain(row.limit, 1)),
                    Cell(row.trigger),
                    Cell(row.words)
                )
            }
            report.line("")
            report.line(Cell("What takes it back", .strong))
            report.table(table)
        }
    }

    private static func arms(_ rows: [RolloutArmRow]) -> Report {
        Report { report in
            guard !rows.isEmpty else { return }
            var table = Table(
                .text("ARM"),
                .text("RELEASE"),
                .figure("REQUESTS"),
                .figure("FAILED"),
                .figure("LABELLED"),
                .figure("BAD"),
                .figure("MEAN"),
                indent: 2
            )
            for row in rows {
                table.row(
                    Cell(row.arm),
                    Cell("r\(row.release)"),
                    Cell(NumberText.count(row.requests)),
                    ReportWords.known(row.failed) { NumberText.count($0) },
                    ReportWords.known(row.labelled) { NumberText.count($0) },
                    Cell(NumberText.count(row.bad)),
                    ReportWords.known(row.meanSeconds) { NumberText.duration($0) }
                )
            }
            report.line("")
            report.line(Cell("What was answered", .strong))
            report.table(table)
        }
    }
}
