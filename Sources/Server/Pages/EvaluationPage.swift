import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// An evaluation: how good a release is on a suite, and where it is wrong.
struct EvaluationPage: Page {
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

    static let template = "evaluation"
    let frame: Frame
    let heading: HTMLText
    let summary: HTMLText
    let problem: Trouble?
    let progress: ProgressRow?
    let release: Link
    let suite: Link
    let hasScores: Bool
    let scores: [Score]
    let hasFailures: Bool
    let failuresHeading: HTMLText
    let failures: [PairRow]

    init(_ view: EvaluationView, visit: Visit) {
        let id = view.record.map { "\($0.id)" } ?? view.job
        let exact = view.result?.score(of: Metric.exactMatch.rawValue)?.value
        frame = Frame(
            "\(exact.map { Figures.share($0) + " exact" } ?? "Evaluation"): \(id) \(view.release)",
            in: .models,
            command: "serin eval show \(id)",
            visit: visit
        )
        heading = "Evaluation \(id): \(view.release) on \(view.suite)"
        summary = HTMLText(
            view.record.map { "asked for by \($0.by), finished \(Moment($0.at).minute.html) UTC" } ?? "not finished"
        )
        problem = view.problem.map {
            Trouble(
                title: HTMLText($0.title),
                detail: $0.detail.map { HTMLText($0) },
                next: $0.next.map { HTMLText($0) }
            )
        }
        progress =
            view.result == nil && view.problem == nil
            ? ProgressRow(
                view.progress,
                unit: "cases",
                path: "/evaluations/\(view.job)",
                isRefreshing: visit.refreshSeconds != nil
            ) : nil
        release = Link("\(view.release)", Href.release(view.release))
        suite = Link(view.suite.text, Href.traffic(view.suite))
        scores = (view.result?.scores ?? view.record?.scores ?? []).map { score in
            Score(
                metric: HTMLText(Words.title(metric: score.metric)),
                good: HTMLText(Figures.count(score.good)),
                samples: HTMLText(Figures.count(score.samples)),
                value: HTMLText(score.value.map(Figures.share) ?? "unknown"),
                lower: HTMLText(score.lower95.map(Figures.share) ?? "unknown")
            )
        }
        hasScores = !scores.isEmpty
        failures = (view.result?.failures ?? []).prefix(10).map { PairRow($0) }
        hasFailures = !failures.isEmpty
        failuresHeading = HTMLText("Wrong answers, the first \(failures.count)")
    }
}
