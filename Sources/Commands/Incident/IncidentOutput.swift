import RegistryTypes
import WireFormat
import Wording

extension IncidentRow {
    /// The model, with the channel where it is about one.
    var place: String { model.text + (channel.map { "@\($0)" } ?? "") }
}

/// What the verbs about incidents print.
enum IncidentOutput {
    /// How soon somebody must look, as a cell.
    static func severity(_ row: IncidentRow) -> Cell {
        if row.closedAt != nil { return StatusCell.pass("closed") }
        return row.severity == "page" ? StatusCell.fail("open, pages") : StatusCell.notice("open")
    }

    /// Incidents in the rows of a table.
    static func table(_ rows: [IncidentRow], now: Timestamp) -> Table {
        var table = Table(
            .text("INCIDENT"),
            .text("STATE"),
            .text("MODEL"),
            .text("CHANNEL"),
            .spare("FAMILY"),
            .text("RELEASE"),
            .text("OPENED"),
            .long("WHAT"),
            .wide("CLOSED"),
            indent: 2
        )
        for row in rows {
            table.row(
                Cell(row.id.description),
                severity(row),
                Cell(row.model.text),
                Cell(row.channel?.text ?? "-"),
                Cell(row.family),
                Cell(row.release.map(ReportWords.release) ?? "-"),
                Cell(NumberText.elapsed(now.seconds(since: row.openedAt))),
                Cell(row.title),
                Cell(row.closedAt.map(TimeText.second) ?? "-")
            )
        }
        return table
    }

    /// The incidents.
    static func list(_ rows: [IncidentRow], now: Timestamp) -> Report {
        var table = table(rows, now: now)
        table.indent = 0
        return Report { $0.table(table) }
    }

    /// All about an incident.
    static func show(_ view: IncidentView) -> Report {
        let row = view.row
        return Report { report in
            let release = row.release.map { ", r\($0)" } ?? ""
            report.line(
                Cell("incident \(row.id)", .strong),
                "  ",
                severity(row),
                Cell("  \(row.place)\(release), \(row.family): \(row.title)")
            )
            let end = row.closedAt.map { ", closed \(TimeText.second($0))" } ?? ""
            report.line(Cell("  opened \(TimeText.second(row.openedAt))\(end)"))
            report.line(Cell("  \(view.sentence)"))
            for fact in view.facts { report.line(Cell("  • \(fact)")) }
            report.add(timeline("What changed before, newest first", view.changedBefore))
            report.add(timeline("What happened since", view.timeline))
            if !view.samples.isEmpty {
                report.blank()
                report.line(Cell("Samples", .strong), Cell("  \(NextStep.requestShow())"))
                report.table(RequestOutput.table(Array(view.samples.prefix(10)), indent: 2))
                if view.samples.count > 10 {
                    report.line(
                        Cell("  and \(view.samples.count - 10) more: \(NextStep.incidentExport(row.id))", .faint)
                    )
                }
            }
            if row.closedAt == nil {
                report.blank()
                report.line(Cell("next: \(view.next)"))
            }
        }
    }

    /// Things that happened, with a heading; nothing when none did.
    static func timeline(_ heading: String, _ rows: [TimelineRow]) -> Report {
        Report { report in
            guard !rows.isEmpty else { return }
            var table = Table(.text("TIME"), .text("KIND"), .text("BY"), .long("WHAT"), .wide("EVENT"), indent: 2)
            for row in rows {
                table.row(
                    Cell(TimeText.second(row.at)),
                    Cell(row.kind),
                    Cell(row.by),
                    Cell(row.text),
                    Cell(row.event.map { "#\($0)" } ?? "-")
                )
            }
            report.line("")
            report.line(Cell(heading, .strong))
            report.table(table)
        }
    }
}
