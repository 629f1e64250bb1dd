import RegistryRecords
import RegistryTypes
import WireFormat

/// A canary in a list.
struct CanaryRow: Hashable, Sendable {
    let link: Link
    let what: HTMLText
    let mark: Mark

    init(_ canary: CanaryRecord) {
        link = Link("\(canary.id)", Href.canary(canary.id))
        what = "\(canary.candidate) against r\(canary.baseline.number) on \(canary.traffic)"
        mark = Mark(canary)
    }
}

/// An evaluation in a list.
struct EvaluationRow: Hashable, Sendable {
    let link: Link
    let release: HTMLText
    let suite: HTMLText
    let scores: HTMLText

    init(_ evaluation: EvaluationRecord) {
        link = Link("\(evaluation.id)", Href.evaluation(evaluation.id))
        release = "r\(evaluation.release.number)"
        suite = HTMLText(evaluation.suite.text)
        scores = HTMLText(Words.scores(evaluation.scores))
    }
}

/// A release in a list.
struct ReleaseRow: Hashable, Sendable {
    let link: Link
    let what: HTMLText
    let mark: Mark

    init(_ release: ReleaseRecord) {
        link = Link("r\(release.id.number)", Href.release(release.id))
        what = HTMLText(Words.what(release.content))
        mark = Mark(rejected: release.rejected != nil)
    }
}

/// A decision in a list.
struct DecisionRow: Hashable, Sendable {
    let link: Link
    let release: Link
    let channel: HTMLText
    let mark: Mark
    let at: Moment

    init(_ decision: DecisionSummary) {
        link = Link("\(decision.id)", Href.decision(decision.id))
        release = Link("\(decision.release)", Href.release(decision.release))
        channel = HTMLText(decision.channel.text)
        mark = Mark(decision)
        at = Moment(decision.at)
    }
}

/// How far a piece of work is.
struct ProgressRow: Hashable, Sendable {
    let done: HTMLText
    let total: HTMLText
    let words: HTMLText
    /// The link that starts or stops the page from loading itself again.
    let refresh: Link?

    init(_ progress: WorkProgress, unit: String, path: String?, isRefreshing: Bool = false) {
        done = HTMLText(String(progress.done))
        total = HTMLText(String(max(1, progress.total)))
        var parts = ["\(Figures.count(progress.done)) of \(Figures.count(progress.total)) \(unit)"]
        parts.append("\(Figures.duration(progress.elapsedSeconds)) so far")
        if let left = progress.remainingSeconds { parts.append("about \(Figures.duration(left)) left") }
        words = HTMLText(parts.joined(separator: ", "))
        refresh = path.map { isRefreshing ? Link("Stop refreshing", $0) : Link("Refresh every 5 s", $0 + "?live=5") }
    }
}
