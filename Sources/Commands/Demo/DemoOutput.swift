import DemoTraffic
import Wording

/// What `serin demo traffic` prints.
enum DemoOutput {
    /// The run in figures, a row for each release.
    static func summary(_ summary: TrafficSummary) -> Report {
        Report { report in
            var parts = ["\(NumberText.count(summary.sent)) sent", "\(NumberText.count(summary.answered)) answered"]
            parts.append("\(NumberText.count(summary.failed)) failed")
            if summary.abandoned > 0 { parts.append("\(NumberText.count(summary.abandoned)) abandoned") }
            if summary.late > 0 { parts.append("\(NumberText.count(summary.late)) late") }
            if summary.unsent > 0 { parts.append("\(NumberText.count(summary.unsent)) never sent") }
            var facts = "\(summary.model)   \(parts.joined(separator: ", ")) in \(NumberText.duration(summary.seconds))"
            if let half = summary.p50Seconds, let slow = summary.p95Seconds {
                facts += "   p50 \(NumberText.duration(half)), p95 \(NumberText.duration(slow))"
            }
            report.line(Cell(facts, .strong), Cell("   seed \(summary.seed)", .faint))
            report.table(releases(summary))
            for failure in summary.failures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                report.line(StatusCell.fail("\(NumberText.count(failure.value)) failed: \(failure.key)"))
            }
            for failure in summary.labelFailures.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                report.line(StatusCell.notice("\(NumberText.count(failure.value)) not labelled: \(failure.key)"))
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
                Cell(NumberText.count(row.answered)),
                row.heldBack == 0 ? .nothing : Cell(NumberText.count(row.heldBack)),
                Cell(NumberText.count(row.wrong)),
                Cell(NumberText.share(row.wrongShare), row.wrongShare > 0.1 ? .bad : .plain),
                Cell(NumberText.count(row.notJSON)),
                row.firstWrong.map { Cell(TimeText.second($0)) } ?? .nothing,
                row.lastWrong.map { Cell(TimeText.second($0)) } ?? .nothing,
                row.wrong < 2 ? .nothing : row.wrongSeconds.map { Cell(NumberText.duration($0)) } ?? .nothing
            )
        }
        return table
    }

    /// The wrong answers of all releases, marked when one of them was wrong in more than a tenth.
    private static func verdict(_ summary: TrafficSummary) -> Cell {
        let share = NumberText.share(Double(summary.wrong) / Double(summary.answered))
        let words =
            "\(NumberText.count(summary.wrong)) of \(NumberText.count(summary.answered)) answers wrong (\(share))"
        let labels = summary.labelled == 0 ? ", none labelled" : ", \(NumberText.count(summary.labelled)) labelled"
        let isBad = summary.releases.contains { $0.wrongShare > 0.1 }
        return isBad ? StatusCell.fail(words + labels) : StatusCell.pass(words + labels)
    }
}
