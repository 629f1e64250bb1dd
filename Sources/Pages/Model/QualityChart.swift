import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// How one score went from version to version, with its lower bound, for the page of a model.
struct QualityChart: Hashable, Sendable {
    /// An evaluation.
    struct Point: Hashable, Sendable {
        let x: HTMLText
        let y: HTMLText
        let low: HTMLText
        let high: HTMLText
        let label: HTMLText
    }

    /// A grid line.
    struct Line: Hashable, Sendable {
        let y: HTMLText
        let label: HTMLText
    }

    /// What the chart shows, in words.
    let finding: HTMLText
    let width: HTMLText
    let right: HTMLText
    let lines: [Line]
    let points: [Point]

    /// The newest evaluation of each version on the suite and metric evaluated most; nil with fewer than two versions.
    init?(_ evaluations: [EvaluationRecord], releases: [ReleaseRecord]) {
        let versions = Dictionary(releases.map { ($0.id, $0.content.version) }, uniquingKeysWith: { first, _ in first })
        var newest: [Name: [Int: EvaluationResult.Score]] = [:]
        for evaluation in evaluations.sorted(by: { $0.id < $1.id }) {
            guard let version = versions[evaluation.release],
                let score = evaluation.scores.first(where: { $0.metric == Metric.exactMatch.rawValue }),
                score.value != nil
            else { continue }
            newest[evaluation.suite, default: [:]][version] = score
        }
        guard
            let (suite, scores) = newest.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
            scores.count >= 2
        else { return nil }
        let shown = scores.sorted { $0.key < $1.key }.suffix(12)
        let lowest = shown.compactMap { $0.value.lower95 ?? $0.value.value }.min() ?? 0
        let bottom = max(0, (lowest * 10 - 0.5).rounded(.down) / 10)
        func y(_ value: Double) -> HTMLText {
            Drawing.place(10 + (1 - value) / max(0.05, 1 - bottom) * 112)
        }
        let step = 56
        width = HTMLText(String(70 + step * shown.count))
        right = HTMLText(String(62 + step * shown.count))
        lines = [bottom, (bottom + 1) / 2, 1].map {
            Line(y: y($0), label: HTMLText(NumberText.share($0)))
        }
        points = shown.enumerated().map { index, entry in
            let value = entry.value.value ?? 0
            return Point(
                x: HTMLText(String(74 + step * index)),
                y: y(value),
                low: y(entry.value.lower95 ?? value),
                high: y(value),
                label: "@\(entry.key)"
            )
        }
        let words = shown.map { "@\($0.key) \(NumberText.known($0.value.value, NumberText.share))" }
        finding = HTMLText("exact match on \(suite), with the 95 % lower bound: " + words.joined(separator: ", "))
    }
}
