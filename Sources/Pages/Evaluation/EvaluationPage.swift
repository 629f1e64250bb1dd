import RegistryRecords
import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// An evaluation: how good a release is on a suite, and where it is wrong.
public struct EvaluationPage: Page {
    /// A score.
    struct Score: Hashable, Sendable {
        let metric: HTMLText
        let good: HTMLText
        let samples: HTMLText
        let value: HTMLText
        let lower: HTMLText
    }

    /// Why there is no result.
    struct Trouble: Hashable, Sendable {
        let title: HTMLText
        let detail: HTMLText?
        let next: HTMLText?
    }

    public static let template = "evaluation"
    public let layout: PageLayout
    let heading: HTMLText
    let summary: HTMLText
    let problem: Trouble?
    let progress: ProgressRow?
    /// Where the form goes that ends it; nil for one that has ended.
    let cancelAction: HTMLText?
    /// What a reader should know beside the scores.
    let notes: [HTMLText]
    let release: Link
    let suite: Link
    let hasScores: Bool
    let scores: [Score]
    let hasFailures: Bool
    let failuresHeading: HTMLText
    let failures: [PairRow]

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: EvaluationView, context: PageContext) {
        let id = view.record.map { "\($0.id)" } ?? view.job
        let exact = view.result?.score(of: Metric.exactMatch.rawValue)?.value
        layout = PageLayout(
            "\(exact.map { NumberText.share($0) + " exact" } ?? "Evaluation"): \(id) \(view.release)",
            in: .models,
            command: view.record.map { .evaluationShow($0.id) } ?? .evaluationShowJob(view.job),
            context: context
        )
        heading = "Evaluation \(id): \(view.release) on \(view.suite)"
        summary = HTMLText(
            view.record.map { "asked for by \($0.by), finished \(TimeText.minute($0.at)) UTC" }
                ?? (view.startedBy.map { "asked for by \($0), " } ?? "")
                + (view.problem == nil ? "not finished" : "ended without a result")
        )
        problem = view.problem.map {
            Trouble(
                title: HTMLText($0.title),
                detail: $0.detail.map { HTMLText($0) },
                next: HTMLText($0.next ?? NextStep.evaluationRun(.release(view.release), suite: view.suite).text)
            )
        }
        progress =
            view.result == nil && view.problem == nil
            ? ProgressRow(
                view.progress,
                unit: "cases",
                path: .evaluationJob(view.job),
                isRefreshing: context.refreshSeconds != nil
            ) : nil
        let isOpen = view.result == nil && view.problem == nil
        cancelAction =
            isOpen && context.mayCancel(.cancelEvaluation, startedBy: view.startedBy)
            ? (try? EvaluationID(text: view.job)).map { HTMLText(PagePath.cancelEvaluation($0).path) } : nil
        notes = (view.result?.notes ?? []).map { HTMLText($0, limit: 400) }
        release = Link("\(view.release)", .release(view.release))
        suite = Link(view.suite.text, .traffic(view.suite))
        scores = (view.result?.scores ?? view.record?.scores ?? []).map { score in
            Score(
                metric: HTMLText(Metric.title(of: score.metric) + (score.comparedAs == .json ? ", as JSON" : "")),
                good: HTMLText(NumberText.count(score.good)),
                samples: HTMLText(NumberText.count(score.samples)),
                value: HTMLText(NumberText.known(score.value, NumberText.share)),
                lower: HTMLText(NumberText.known(score.lower95, NumberText.share))
            )
        }
        hasScores = !scores.isEmpty
        failures = (view.result?.failures ?? []).prefix(10).map { PairRow($0) }
        hasFailures = !failures.isEmpty
        failuresHeading = HTMLText("Wrong answers, the first \(failures.count)")
    }
}

/// An evaluation in a list.
struct EvaluationRow: Hashable, Sendable {
    let link: Link
    let release: HTMLText
    let suite: HTMLText
    let scores: HTMLText

    init(_ evaluation: EvaluationRecord) {
        link = Link("\(evaluation.id)", .evaluation(evaluation.id))
        release = "r\(evaluation.release.number)"
        suite = HTMLText(evaluation.suite.text)
        scores = HTMLText(EvaluationRow.words(evaluation.scores))
    }

    /// `exact match 94.7 %, valid JSON 99.8 %`: the scores, what most look for first.
    static func words(_ scores: [EvaluationResult.Score]) -> String {
        let first = scores.filter { $0.metric == Metric.exactMatch.rawValue }
        let rest = scores.filter { $0.metric != Metric.exactMatch.rawValue && !$0.isOfPart }
        return (first + rest)
            .map { "\(Metric.title(of: $0.metric)) \(NumberText.known($0.value, NumberText.share))" }
            .joined(separator: ", ")
    }
}
