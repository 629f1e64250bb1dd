extension Report {
    /// The run in figures, a row for each release.
    static func traffic(_ summary: TrafficSummary) -> Report {
        Report { report in
            var parts = ["\(Figures.count(summary.sent)) sent", "\(Figures.count(summary.answered)) answered"]
            parts.append("\(Figures.count(summary.failed)) failed")
            if summary.abandoned > 0 { parts.append("\(Figures.count(summary.abandoned)) abandoned") }
            if summary.late > 0 { parts.append("\(Figures.count(summary.late)) late") }
            if summary.unsent > 0 { parts.append("\(Figures.count(summary.unsent)) never sent") }
            var facts = "\(summary.model)   \(parts.joined(separator: ", ")) in \(Figures.duration(summary.seconds))"
            if let half = summary.p50Seconds, let most = summary.p95Seconds {
                facts += "   p50 \(Figures.milliseconds(half)), p95 \(Figures.milliseconds(most))"
            }
            report.line(Cell(facts, .strong), Cell("   seed \(summary.seed)", .faint))
            report.table(releases(summary))
            for failure in summary.failures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                report.line(Sign.fail("\(Figures.count(failure.value)) failed: \(failure.key)"))
            }
            for failure in summary.labelFailures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                report.line(Sign.notice("\(Figures.count(failure.value)) not labelled: \(failure.key)"))
            }
            if summary.answered > 0 { report.line(verdict(summary)) }
        }
    }

    private static func releases(_ summary: TrafficSummary) -> Table {
        var table = Table(
            .text("RELEASE"),
            .figure("ANSWERED"),
            .figure("HELD BACK"),
            .figure("WRONG"),
            .figure("SHARE"),
            .figure("NO JSON"),
            .text("FIRST WRONG"),
            .text("LAST WRONG"),
            .figure("BETWEEN"),
            indent: 2
        )
        for row in summary.releases {
            table.row(
                Cell(row.release),
                Cell(Figures.count(row.answered)),
                row.heldBack == 0 ? .nothing : Cell(Figures.count(row.heldBack)),
                Cell(Figures.count(row.wrong)),
                Cell(Figures.percent(row.wrongShare), row.wrongShare > 0.1 ? .bad : .plain),
                Cell(Figures.count(row.notJSON)),
                row.firstWrong.map { Cell(Figures.time($0)) } ?? .nothing,
                row.lastWrong.map { Cell(Figures.time($0)) } ?? .nothing,
                row.wrong < 2 ? .nothing : row.wrongSeconds.map { Cell(Figures.duration($0)) } ?? .nothing
            )
        }
        return table
    }

    /// The wrong answers of all releases, marked when one of them was wrong in more than a tenth.
    private static func verdict(_ summary: TrafficSummary) -> Cell {
        let share = Figures.percent(Double(summary.wrong) / Double(summary.answered))
        let words = "\(Figures.count(summary.wrong)) of \(Figures.count(summary.answered)) answers wrong (\(share))"
        let labels = summary.labelled == 0 ? ", none labelled" : ", \(Figures.count(summary.labelled)) labelled"
        let isBad = summary.releases.contains { $0.wrongShare > 0.1 }
        return isBad ? Sign.fail(words + labels) : Sign.pass(words + labels)
    }
}
