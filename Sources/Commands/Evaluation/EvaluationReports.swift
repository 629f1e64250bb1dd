import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// An evaluation as JUnit XML. A metric is a test case: it passes when every case is good, for what share is enough is the
/// policy's to say; a metric of which nothing is known is an error, never a pass.
enum EvaluationJUnit {
    /// The document.
    static func text(_ view: EvaluationView) -> String {
        JUnitReport(
            name: "evaluation \(view.job) on \(view.suite)",
            subject: "\(view.release)",
            cases: view.result.map { result in
                result.scores.isEmpty ? [none("no case was answered or checked")] : result.scores.map { score($0) }
            } ?? [none(view.problem?.title ?? view.progress.words("cases"))],
            seconds: view.result?.seconds ?? view.progress.elapsedSeconds,
            at: view.record?.at
        )
        .text
    }

    private static func score(_ score: EvaluationResult.Score) -> JUnitReport.Case {
        guard score.samples > 0 else {
            return JUnitReport.Case(name: score.metric, outcome: .error(kind: "unknown", "no case to say it of"))
        }
        let found = EvaluationOutput.words(score)
        return JUnitReport.Case(
            name: score.metric,
            outcome: score.good == score.samples ? .passed : .failure(kind: "wrong", found),
            output: found
        )
    }

    private static func none(_ reason: String) -> JUnitReport.Case {
        JUnitReport.Case(name: "result", outcome: .error(kind: "unknown", reason))
    }
}

/// An evaluation as Markdown (CommonMark with tables).
enum EvaluationMarkdown {
    /// The document; what others wrote is text in it, never markup.
    static func text(_ view: EvaluationView) -> String {
        var lines = ["# Evaluation \(view.job): \(escaped("\(view.release)")) on \(escaped(view.suite.text))", ""]
        guard let result = view.result else {
            lines.append(escaped(view.problem.map { "stopped: \($0.title)" } ?? view.progress.words("cases")))
            return lines.joined(separator: "\n") + "\n"
        }
        lines += ["| metric | good | cases | rate | at least (95 %) | compared |", "|---|--:|--:|--:|--:|---|"]
        lines += result.scores.map { score in
            let cells = [
                score.metric, NumberText.count(score.good), NumberText.count(score.samples),
                NumberText.known(score.value, NumberText.share), NumberText.known(score.lower95, NumberText.share),
                score.comparedAs.map { "as \($0.rawValue)" } ?? "",
            ]
            return "| " + cells.map(escaped).joined(separator: " | ") + " |"
        }
        if let notes = result.notes { lines += [""] + notes.map { "- \(escaped($0))" } }
        if !result.failures.isEmpty {
            lines += ["", "## Wrong answers, the first \(result.failures.count)", ""]
            lines += ["| case | expected | answered |", "|---|---|---|"]
            lines += result.failures.map { failure in
                let cells = [failure.request, failure.expected ?? "not said", failure.answer ?? "no answer came"]
                return "| " + cells.map { escaped(DisplayWidth.cut($0, to: 200)) }.joined(separator: " | ") + " |"
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String { IncidentMarkdown.escaped(text) }
}
