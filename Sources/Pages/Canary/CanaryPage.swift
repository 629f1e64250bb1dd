import Digests
import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// The report of a canary; a reviewer decides in half a minute.
public struct CanaryPage: Page {
    /// The document it ran by.
    struct Source: Hashable, Sendable {
        let title: HTMLText
        let source: HTMLText
    }

    public static let template = "canary"
    public let layout: PageLayout
    let id: HTMLText
    let heading: HTMLText
    let badge: StatusBadge
    let verdict: HTMLText
    let sentence: HTMLText
    let facts: HTMLText
    let progress: ProgressRow?
    let next: HTMLText
    let nextCommand: HTMLText?
    let promote: Link?
    /// Where the form goes that ends it; nil for one that has ended.
    let cancelAction: HTMLText?
    let candidate: Link
    let baseline: Link
    let traffic: Link
    let hasReport: Bool
    let axis: IntervalAxis
    let checksCaption: HTMLText
    let checks: [CheckRow]
    let legend: HTMLText
    let numbers: [CheckNumbers]
    let reasons: [Reason]
    let hasFlips: Bool
    let flips: [FlipRow]
    let hasSlices: Bool
    let slicesCaption: HTMLText
    let slices: [SliceRow]
    let ticks: [StatusBadge]
    let hasPairs: Bool
    let pairsHeading: HTMLText
    let pairsSummary: HTMLText
    let allPairs: Link
    let pairs: [PairRow]
    let hasMorePairs: Bool
    let morePairs: HTMLText
    let more: [PairRow]
    let again: HTMLText
    let recompute: HTMLText
    let record: [Fact]
    let document: Source?

    /// Why a check came out as it did, in the words of the judge.
    struct Reason: Hashable, Sendable {
        let name: HTMLText
        let text: HTMLText
    }

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: CanaryView, context: PageContext) {
        let canary = view.record
        let isLive = view.candidateLiveIn?.contains(.production) == true
        let band =
            view.report.map {
                CanaryVerdict(
                    $0,
                    document: canary.document,
                    holds: view.trafficRequests,
                    extensionNeeded: view.extensionNeeded,
                    extendedBy: view.extendedBy,
                    isLive: isLive
                )
            }
            ?? CanaryVerdict(unjudged: canary, progress: view.progress)
        let badge = canary.badge
        let isRunning = canary.state == .running
        layout = PageLayout(
            "\(CanaryVerdict.capitalised(badge.word.plain)): canary \(canary.id) \(canary.candidate)",
            in: .canaries,
            command: .canaryShow(canary.id),
            context: context
        )
        id = "\(canary.id)"
        heading = "Canary \(canary.id): \(canary.candidate) against r\(canary.baseline.number)"
        self.badge = badge
        verdict = HTMLText(band.verdict)
        sentence = HTMLText(band.sentence, limit: 600)
        facts = HTMLText(CanaryPage.facts(view))
        progress = view.progress.flatMap { progress in
            guard isRunning else { return nil }
            return ProgressRow(
                progress,
                unit: "pairs",
                path: .canary(canary.id),
                isRefreshing: context.refreshSeconds != nil
            )
        }
        next = HTMLText(band.next)
        nextCommand = band.command.map { HTMLText($0) }
        promote =
            canary.verdict == .pass && !isLive
            ? ModelPage.promotion(of: canary.candidate, context: context) : nil
        cancelAction =
            isRunning && context.mayCancel(.cancelCanary, startedBy: canary.startedBy)
            ? HTMLText(PagePath.cancelCanary(canary.id).path) : nil
        candidate = Link("\(canary.candidate)", .release(canary.candidate))
        baseline = Link("\(canary.baseline)", .release(canary.baseline))
        traffic = Link(canary.traffic.text, .traffic(canary.traffic))

        let report = view.report
        let sorted = CheckRow.sorted(report?.judgment.checks ?? []).prefix(40)
        let axis = IntervalAxis(
            degradations: sorted.flatMap { check in
                let words = CheckText(check)
                return [check.estimate, check.plausibleLower, check.plausibleUpper].compactMap { words.inMargins($0) }
            }
        )
        hasReport = report != nil
        self.axis = axis
        checks = sorted.map { CheckRow($0, axis: axis) }
        let watched = sorted.count(where: \.watchOnly)
        checksCaption = HTMLText(
            "Worst first, \(NumberText.count(report?.requests ?? 0)) pairs. Positive is worse."
                + (watched == 0 ? "" : " Grey: watched only, they decide nothing.")
        )
        legend = """
            0 is the baseline, 1 is the most you allow; the green zone is allowed. A triangle is the candidate, a circle a \
            watched check, the line the interval. Beyond 1 the scale is compressed. * critical: wrongly passed in at most 1 %.
            """
        numbers = sorted.map { CheckNumbers($0) }
        reasons = sorted.map { Reason(name: HTMLText($0.title, limit: 110), text: HTMLText($0.reason)) }
        flips = sorted.compactMap { FlipRow($0) }
        hasFlips = !flips.isEmpty
        let sliced = report.map { SliceRow.rows($0.judgment) } ?? (rows: [], left: 0)
        slices = sliced.rows
        hasSlices = !sliced.rows.isEmpty
        slicesCaption = HTMLText(
            "Each kind of request on its own, from 30 pairs on. Only protected slices decide."
                + (sliced.left == 0 ? "" : " \(NumberText.count(sliced.left)) more are in the JSON.")
        )
        ticks = report.map { CanaryPage.ticks($0) } ?? []

        let pairs = (report?.worstPairs ?? []).map {
            PairRow($0, baseline: canary.baseline, candidate: canary.candidate)
        }
        hasPairs = !pairs.isEmpty
        let isWorse = canary.verdict == .fail || canary.verdict == .marginal
        pairsHeading = isWorse ? "Proof that it is worse" : "Pairs that differ most"
        pairsSummary = HTMLText(
            "\(NumberText.count(report?.different ?? 0)) of \(NumberText.count(report?.requests ?? 0)) requests got different answers. "
                + "Most degradation first; marked is what only one side says."
        )
        allPairs = Link("All pairs", .canarySamples(canary.id, only: nil))
        self.pairs = Array(pairs.prefix(5))
        more = Array(pairs.dropFirst(5).prefix(3))
        hasMorePairs = !more.isEmpty
        morePairs = HTMLText("\(more.count) more pairs")
        again = report.map { HTMLText(CanaryPage.again($0, canary)) } ?? ""
        recompute = HTMLText(NextStep.canaryRecompute(canary.id))
        record = report.map { CanaryPage.record($0, canary) } ?? []
        document = view.document.map {
            Source(
                title: "Canary document \($0.name), revision \($0.revision)",
                source: HTMLText($0.source, limit: 4000)
            )
        }
    }

    private static func facts(_ view: CanaryView) -> String {
        let canary = view.record
        var parts = ["\(NumberText.count(view.report?.requests ?? canary.requests)) pairs from \(canary.traffic)"]
        if let report = view.report {
            if let conversations = report.conversations {
                parts[0] += " of \(NumberText.count(conversations, "conversation"))"
            }
            parts[0] += " in \(NumberText.duration(report.run.seconds))"
        }
        parts.append("asked for by \(canary.startedBy), \(TimeText.minute(canary.startedAt)) UTC")
        if let extends = canary.event.extends { parts.append("goes on from \(extends.canary)") }
        if let finished = canary.finishedAt { parts.append("finished \(TimeText.clock(finished))") }
        if let looks = view.report?.judgment.looks { parts.append(looks.sentence) }
        return parts.joined(separator: " · ")
    }

    /// The same run again: of as many pairs as were asked for, also where fewer were enough, as its looks depend on them.
    private static func again(_ report: CanaryReport, _ canary: CanaryRecord) -> NextStep {
        CanaryVerdict.again(
            report,
            document: canary.document,
            requests: report.judgment.looks?.maximum ?? report.requests,
            seed: report.run.seed
        )
    }

    /// Whether the comparison can be believed.
    private static func ticks(_ report: CanaryReport) -> [StatusBadge] {
        let first = report.run.baselineFirst, pairs = report.requests
        let share = pairs > 0 ? Double(first) / Double(pairs) : 0.5
        let isBalanced = pairs < 20 || abs(share - 0.5) < 4 * (0.25 / Double(pairs)).squareRoot()
        let missing = report.judgment.checks.map(\.missing).max() ?? 0
        return [
            StatusBadge(
                isBalanced ? "✔" : "✖",
                "order balanced: baseline first in \(NumberText.count(first)) of \(NumberText.count(pairs))",
                isBalanced ? .ok : .bad
            ),
            missing == 0
                ? StatusBadge("✔", "no value missing", .ok)
                : StatusBadge("▲", "up to \(NumberText.count(missing, "value")) missing in a check", .notice),
            StatusBadge("✔", "same requests, same engine for both", .ok),
            report.run.resumed == 0
                ? StatusBadge("✔", "ran in one go", .ok)
                : StatusBadge(
                    "✔",
                    "taken up again \(NumberText.count(report.run.resumed, "time")), no pair twice",
                    .ok
                ),
        ]
    }

    private static func record(_ report: CanaryReport, _ canary: CanaryRecord) -> [Fact] {
        let run = report.run
        return [
            Fact("Seed", String(run.seed)),
            Fact("Traffic set", "\(report.traffic) \(run.trafficDigest)"),
            Fact("Canary document", "\(canary.document) \(run.documentDigest)"),
            Fact("Candidate", "\(report.candidate) \(run.candidateDigest)"),
            Fact("Baseline", "\(report.baseline) \(run.baselineDigest)"),
            Fact("Engine", "numerics \(run.engineNumerics), \(run.instructionSet) (does not change the answers)"),
            Fact("Build", run.build),
            Fact("Expected answers", report.expectations?.words(NumberText.count) ?? "none are expected"),
            Fact("Metrics and rules", "revision \(run.rulesRevision ?? 1)"),
            Fact("Warm-up", "\(NumberText.count(run.warmUp, "request")), thrown away"),
            Fact(
                "Wrongly failed",
                "in at most \(NumberText.share(report.judgment.alphaFail)) of candidates without degradation"
            ),
            Fact("Evidence", canary.evidence?.description ?? "not stored"),
        ]
    }
}
