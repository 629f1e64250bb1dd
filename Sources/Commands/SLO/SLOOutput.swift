import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What the verbs about SLOs print.
enum SLOOutput {
    /// How an SLO stands, as a cell.
    static func level(_ row: SLORow) -> Cell {
        switch row.state {
        case .met: StatusCell.pass("met")
        case .burning: row.alert == "page" ? StatusCell.fail("burning") : StatusCell.notice("burning")
        case .exhausted: StatusCell.fail("exhausted")
        case .missingTraffic: StatusCell.notice("missing traffic")
        case .unknown: StatusCell.unknown("unknown")
        case .off: StatusCell.unknown("off")
        }
    }

    /// The SLOs of models, then `lines` for those that have no row.
    static func list(_ rows: [SLORow], lines: [String] = []) -> Report {
        var table = Table(
            .text("SLO"),
            .text("MODEL"),
            .text("STATE"),
            .figure("GOOD"),
            .figure("TARGET"),
            .figure("BUDGET"),
            .figure("BURN"),
            .spareFigure("EVENTS"),
            .spareFigure("BAD"),
            .spare("GONE IN"),
            .long("WHY"),
            .wide("CHANNEL"),
            .wide("OBJECTIVE")
        )
        for row in rows {
            table.row(
                Cell(row.name.text),
                Cell(row.model.text),
                level(row),
                ReportWords.known(row.sli) { NumberText.good($0, target: row.target) },
                Cell(NumberText.good(row.target, 4)),
                ReportWords.budget(row.budgetLeft),
                ReportWords.known(row.burnFast) { NumberText.burn($0) },
                Cell(NumberText.count(row.valid)),
                Cell(NumberText.count(row.bad)),
                ReportWords.known((row.budgetLeft ?? 0) > 0 ? row.exhaustedInSeconds : nil) { NumberText.elapsed($0) },
                Cell(row.reason ?? "-"),
                Cell(row.channel.text),
                Cell(row.objective)
            )
        }
        return Report { report in
            report.table(table)
            for line in lines { report.line(StatusCell.unknown(line)) }
        }
    }

    /// All about an SLO of a model.
    static func show(_ view: SLOView) -> Report {
        let row = view.row
        return Report { report in
            report.line(Cell("\(row.name)", .strong), Cell(" of \(row.model)@\(row.channel)  "), level(row))
            report.line(Cell("  \(row.objective)"))
            report.line(Cell("  \(row.sentence)"))
            report.line("")
            report.line(Cell("  good      \(good(view))"))
            report.line(Cell("  budget    "), budget(row))
            report.add(courses(view))
            report.line(Cell("  decides   \(view.budgetAction)"))
            for use in view.usedBy { report.line(Cell("  used by   \(use)")) }
            for warning in view.warnings { report.line("  ", StatusCell.notice(warning)) }
            report.line("")
            report.line(Cell("Alerts", .strong))
            report.table(windows(view.windows))
            report.add(spenders(view.releases))
            if !view.incidents.isEmpty {
                report.line("")
                report.line(Cell("Incidents", .strong))
                report.table(IncidentOutput.table(view.incidents, now: view.at))
            }
            report.line("")
            report.line(
                Cell(view.dataUntil.map { "data until \(TimeText.second($0))" } ?? "no event was counted yet", .faint)
            )
        }
    }

    private static func good(_ view: SLOView) -> String {
        let row = view.row
        guard let sli = row.sli else { return "unknown: \(NumberText.count(row.valid, "valid event"))" }
        let interval =
            view.interval.count == 2
            ? "  [\(NumberText.good(view.interval[0])), \(NumberText.good(view.interval[1]))]" : ""
        let target = NumberText.good(row.target, 4)
        let count = "\(NumberText.count(row.valid &- row.bad)) of \(NumberText.count(row.valid, "event"))"
        return "\(NumberText.good(sli, target: row.target))\(interval)  target \(target), \(count)"
    }

    private static func budget(_ row: SLORow) -> Cell {
        guard let left = row.budgetLeft else { return Cell("unknown") }
        let allowed = Double(row.valid) * (1 - row.target)
        let gone = row.exhaustedInSeconds.flatMap {
            left > 0 ? "; gone in \(NumberText.elapsed($0)) at this pace" : nil
        }
        return Cell(
            "\(BlockChart.bar(left, width: 20)) \(NumberText.budgetLeft(left)), "
                + "\(NumberText.count(row.bad)) bad of \(NumberText.decimal(allowed, allowed < 10 ? 1 : 0)) allowed"
                + (gone ?? ""),
            left <= 0 ? .bad : left < 0.25 ? .notice : .plain
        )
    }

    /// The share of good events and the budget over time.
    private static func courses(_ view: SLOView) -> Report {
        Report { report in
            let points = view.points.filter { $0.start <= view.at }
            guard points.contains(where: { $0.valid > 0 }), let first = points.first else { return }
            let good = points.map { $0.valid > 0 ? 1 - Double($0.bad) / Double($0.valid) : nil }
            let worst = good.compactMap(\.self).min() ?? 1
            let bottom = min(worst, view.row.target, 0.999)
            let span = NumberText.elapsed(points.reduce(0) { $0 + $1.seconds })
            let line = BlockChart.line(good, width: 60, bottom: bottom, top: 1, telling: .lowest)
            guard !line.isEmpty else { return }
            report.line(Cell("  good      \(line)  worst \(NumberText.good(worst))"))
            let left = BlockChart.line(points.map(\.budgetLeft), width: 60, top: 1, telling: .lowest)
            if !left.isEmpty { report.line(Cell("  budget    \(left)")) }
            report.line(Cell("            \(span) from \(TimeText.second(first.start))", .faint))
        }
    }

    /// The pairs of windows and how close each is.
    static func windows(_ rows: [SLOWindowRow]) -> Table {
        var table = Table(
            .text("ALERT"),
            .text("WINDOWS"),
            .figure("FIRES AT"),
            .figure("LONG"),
            .figure("SHORT"),
            .figure("BAD"),
            .spareFigure("NEEDED"),
            .spareFigure("LOWER BOUND"),
            .text("STATE"),
            .long("WHY"),
            .wide("PUBLISHED"),
            indent: 2
        )
        for row in rows {
            let state: Cell =
                switch row.state {
                case "firing": row.severity == "page" ? StatusCell.fail("firing") : StatusCell.notice("firing")
                case "quiet": StatusCell.pass("quiet")
                default: StatusCell.unknown(row.state)
                }
            table.row(
                Cell(row.severity),
                Cell("\(NumberText.setTime(row.longSeconds)) + \(NumberText.setTime(row.shortSeconds))"),
                Cell(NumberText.plain(row.factor, 2)),
                ReportWords.known(row.burnLong) { NumberText.burn($0) },
                ReportWords.known(row.burnShort) { NumberText.burn($0) },
                Cell("\(NumberText.count(row.badLong)) of \(NumberText.count(row.validLong))"),
                Cell(NumberText.count(row.minimumBad)),
                ReportWords.known(row.lowerBound) { NumberText.share($0) },
                state,
                Cell(row.why),
                Cell(NumberText.plain(row.publishedFactor, 2))
            )
        }
        return table
    }

    private static func spenders(_ rows: [SLOReleaseRow]) -> Report {
        Report { report in
            guard !rows.isEmpty else { return }
            var table = Table(
                .text("RELEASE"),
                .text("ARM"),
                .figure("EVENTS"),
                .figure("BAD"),
                .figure("SHARE"),
                indent: 2
            )
            for row in rows {
                table.row(
                    Cell("r\(row.release)"),
                    Cell(row.arm),
                    Cell(NumberText.count(row.valid)),
                    Cell(NumberText.count(row.bad)),
                    row.valid > 0 ? Cell(NumberText.share(Double(row.bad) / Double(row.valid))) : .nothing
                )
            }
            report.line("")
            report.line(Cell("Who spent it", .strong))
            report.table(table)
        }
    }
}
