import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

extension Report {
    /// The traffic sets.
    static func trafficSets(_ sets: [TrafficRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("TRAFFIC"),
            .figure("REQUESTS"),
            .figure("LABELLED"),
            .figure("SIZE"),
            .text("FROM"),
            .text("AGE"),
            .text("BY"),
            .wide("DIGEST"),
            .wide("FROZEN FROM")
        )
        for set in sets {
            table.row(
                Cell(set.name.text),
                Cell(NumberText.count(set.requests)),
                Cell(NumberText.count(set.labelled)),
                Cell(NumberText.bytes(set.sizeBytes)),
                Cell(set.frozenFrom == nil ? "file" : "capture"),
                Cell(NumberText.elapsed(now.seconds(since: set.importedAt))),
                Cell(set.importedBy),
                Cell(set.digest.short),
                Cell(set.frozenFrom ?? "-")
            )
        }
        return Report { $0.table(table) }
    }

    /// A set that was just frozen, and what was left out of it.
    static func frozen(_ answer: FreezeAnswer) -> Report {
        Report { report in
            let set = answer.record
            report.line(
                StatusCell.pass(set.name.text),
                Cell(
                    "  \(set.digest.short)  \(NumberText.count(answer.taken)) of \(NumberText.count(answer.matched, "request")) "
                        + "that fit, \(NumberText.count(answer.labelled)) labelled, \(NumberText.bytes(set.sizeBytes))"
                )
            )
            if let origin = set.frozenFrom { report.line(Cell("  \(origin)")) }
            for (reason, count) in answer.skipped.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) })
            where count > 0 {
                report.line(Cell("  left out: \(NumberText.count(count)) \(reason)"))
            }
            if answer.labelled == 0 {
                report.line(
                    "  ",
                    StatusCell.notice("no request says what should come: a canary on it cannot tell right from wrong")
                )
            }
        }
    }

    /// All about a traffic set.
    static func traffic(_ view: TrafficView, now: Timestamp) -> Report {
        Report { report in
            let set = view.record
            report.line(
                Cell(set.name.text, .strong),
                Cell(
                    "  \(set.digest.short)  \(NumberText.count(set.requests, "request")), "
                        + "\(NumberText.count(set.labelled)) labelled, \(NumberText.bytes(set.sizeBytes))"
                )
            )
            let way = set.frozenFrom == nil ? "imported" : "frozen"
            report.line(Cell("  \(way) \(TimeText.second(set.importedAt)) by \(set.importedBy)"))
            if let origin = set.frozenFrom { report.line(Cell("  from captured requests: \(origin)")) }
            if !view.tags.isEmpty {
                report.blank()
                var table = Table(.text("TAG"), .text("VALUE"), .figure("REQUESTS"), .text(""), indent: 2)
                for tag in view.tags {
                    let share = set.requests > 0 ? Double(tag.count) / Double(set.requests) : 0
                    table.row(
                        Cell(tag.tag),
                        Cell(tag.value),
                        Cell(NumberText.count(tag.count)),
                        Cell(BlockChart.bar(share, width: 20))
                    )
                }
                report.table(table)
            }
            if !view.sample.isEmpty {
                report.blank()
                var table = Table(.text("REQUEST"), .long("INPUT"), .text("EXPECTED"), indent: 2)
                for request in view.sample {
                    let input = request.variables.sorted { $0.key < $1.key }.map(\.value).joined(separator: " | ")
                    table.row(Cell(request.id), Cell(DisplayWidth.cut(input, to: 70)), Cell(request.expected ?? "-"))
                }
                report.table(table)
            }
            if !view.usedBy.isEmpty {
                report.blank()
                report.add(canaries(view.usedBy, now: now))
            }
        }
    }

    /// A list of evaluations.
    static func evaluations(_ evaluations: [EvaluationRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("EVALUATION"),
            .text("RELEASE"),
            .text("SUITE"),
            .text("SCORES"),
            .text("AGE"),
            .text("BY")
        )
        for evaluation in evaluations {
            let scores = evaluation.scores.map { score in
                "\(score.metric) \(score.value.map { NumberText.share($0) } ?? "unknown") of \(score.samples)"
            }
            table.row(
                Cell(evaluation.id.description),
                Cell(evaluation.release.description),
                Cell(evaluation.suite.text),
                Cell(scores.joined(separator: ", ")),
                Cell(NumberText.elapsed(now.seconds(since: evaluation.at))),
                Cell(evaluation.by)
            )
        }
        return Report { $0.table(table) }
    }

    /// One evaluation with its scores and first failures.
    static func evaluation(_ view: EvaluationView) -> Report {
        Report { report in
            let name = view.record?.id.description ?? view.job
            report.line(Cell("evaluation \(name)", .strong), Cell("  \(view.release) on \(view.suite)"))
            guard let result = view.result else {
                report.line(StatusCell.running("running"), Cell("   \(view.progress.done)/\(view.progress.total)"))
                return
            }
            var table = Table(
                .text("METRIC"),
                .figure("GOOD"),
                .figure("CASES"),
                .figure("RATE"),
                .figure("LOWER 95 %"),
                .text(""),
                indent: 2
            )
            for score in result.scores {
                table.row(
                    Cell(score.metric),
                    Cell(NumberText.count(score.good)),
                    Cell(NumberText.count(score.samples)),
                    Cell(score.value.map { NumberText.share($0) } ?? "unknown"),
                    Cell(score.lower95.map { NumberText.share($0) } ?? "unknown"),
                    Cell(score.value.map { BlockChart.bar($0, width: 20) } ?? "")
                )
            }
            report.table(table)
            if let first = result.failures.first {
                report.blank()
                report.line(
                    Cell("first wrong answer  ", .strong),
                    Cell("\(first.request)  \(DisplayWidth.cut(first.input, to: 100))")
                )
                if let expected = first.expected { report.line(Cell("  expected  \(expected)")) }
                report.line(Cell("  answer    \(first.answer ?? "(nothing)")"))
            }
        }
    }
}
