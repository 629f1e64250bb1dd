import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about evaluations print.
enum EvaluationOutput {
    /// A list of evaluations.
    static func list(_ evaluations: [EvaluationSummary], now: Timestamp) -> Report {
        var table = Table(
            .text("EVALUATION"),
            .text("RELEASE"),
            .text("SUITE"),
            .text("STATE"),
            .text("SCORES"),
            .text("AGE"),
            .text("BY")
        )
        for evaluation in evaluations {
            let scores = evaluation.scores.filter { !$0.isOfPart }.map { score in
                "\(score.metric) \(score.value.map { NumberText.share($0) } ?? "unknown") of \(NumberText.count(score.samples))"
            }
            table.row(
                Cell(evaluation.id.description),
                Cell(evaluation.release.description),
                Cell(evaluation.suite.text),
                state(evaluation.state),
                Cell(
                    evaluation.reason ?? evaluation.progress.map { $0.words("cases") }
                        ?? scores.joined(separator: ", ")
                ),
                Cell(NumberText.elapsed(now.seconds(since: evaluation.at))),
                Cell(evaluation.by)
            )
        }
        return Report { $0.table(table) }
    }

    private static func state(_ state: EvaluationJob.State) -> Cell {
        switch state {
        case .running: StatusCell.running("running")
        case .finished: StatusCell.pass("finished")
        case .stopped: StatusCell.fail("stopped")
        }
    }

    /// `283 of 300 good (94.3 %), at least 91.7 % with 95 % confidence`.
    static func words(_ score: EvaluationResult.Score) -> String {
        "\(NumberText.count(score.good)) of \(NumberText.count(score.samples)) good "
            + "(\(NumberText.known(score.value, NumberText.share))), "
            + "at least \(NumberText.known(score.lower95, NumberText.share)) with 95 % confidence"
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
                    report.line(StatusCell.running("running"), Cell("   \(view.progress.words("cases"))"))
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
                    Cell(score.metric + (score.comparedAs == .json ? " (as JSON)" : "")),
                    Cell(NumberText.count(score.good)),
                    Cell(NumberText.count(score.samples)),
                    Cell(score.value.map { NumberText.share($0) } ?? "unknown"),
                    Cell(score.lower95.map { NumberText.share($0) } ?? "unknown"),
                    Cell(score.value.map { BlockChart.bar($0, width: 20) } ?? "")
                )
            }
            report.table(table)
            for note in result.notes ?? [] { report.line(Cell("  \(note)")) }
            if let first = result.failures.first {
                report.blank()
                report.line(
                    Cell("first wrong answer  ", .strong),
                    Cell("\(first.request)  \(DisplayWidth.cut(first.input, to: 100))")
                )
                if let expected = first.expected {
                    report.line(Cell("  expected  \(expected)"), Cell(ReportWords.source(first.expectedFrom), .faint))
                }
                report.line(Cell("  answer    \(first.answer ?? "(nothing)")"))
            }
        }
    }
}
