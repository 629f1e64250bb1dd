import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about evaluations print.
enum EvaluationOutput {
    /// A list of evaluations.
    static func list(_ evaluations: [EvaluationRecord], now: Timestamp) -> Report {
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
    static func show(_ view: EvaluationView) -> Report {
        Report { report in
            let name = view.record?.id.description ?? view.job
            report.line(Cell("evaluation \(name)", .strong), Cell("  \(view.release) on \(view.suite)"))
            guard let result = view.result else {
                if let problem = view.problem {
                    report.line(StatusCell.fail("stopped"), Cell("   \(problem.title)"))
                } else {
                    let (done, total) = (NumberText.count(view.progress.done), NumberText.count(view.progress.total))
                    report.line(StatusCell.running("running"), Cell("   \(done) of \(total)"))
                }
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
