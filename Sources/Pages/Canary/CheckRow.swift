import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// A check in the table of a canary report.
struct CheckRow: Hashable, Sendable {
    /// The interval as drawn.
    struct Plot: Hashable, Sendable {
        let low: HTMLText
        let high: HTMLText
        let at: HTMLText
        /// A triangle for what decides, a circle for what is only watched.
        let isDeciding: Bool
        /// What the drawing shows, in words.
        let finding: HTMLText
    }

    let name: HTMLText
    /// What is measured; nil when the name says it already.
    let metric: HTMLText?
    let isCritical: Bool
    let isWatchOnly: Bool
    let baseline: HTMLText
    let candidate: HTMLText
    let estimate: HTMLText
    let interval: HTMLText
    let margin: HTMLText
    let plot: Plot?
    let badge: StatusBadge
    let note: HTMLText?

    init(_ check: CheckResult, axis: IntervalAxis) {
        let words = CheckText(check)
        name = HTMLText(check.title, limit: 110)
        metric = words.metric == check.name ? nil : HTMLText(words.metric)
        isCritical = check.critical
        isWatchOnly = check.watchOnly
        baseline = HTMLText(words.value(check.baseline))
        candidate = HTMLText(words.value(check.candidate))
        estimate = HTMLText(words.degradation(check.estimate))
        interval = HTMLText(words.interval)
        margin = HTMLText(words.amount(check.margin))
        plot = words.inMargins(check.estimate).map { estimate in
            let low = words.inMargins(check.plausibleLower) ?? estimate
            let high = words.inMargins(check.plausibleUpper) ?? estimate
            return Plot(
                low: axis.x(min(low, high)),
                high: axis.x(max(low, high)),
                at: axis.x(estimate),
                isDeciding: !check.watchOnly,
                finding: """
                    \(check.title): worse by \(words.degradation(check.estimate)), \
                    \(NumberText.decimal(estimate, 1)) times the allowed \(words.amount(check.margin))
                    """
            )
        }
        badge =
            check.watchOnly
            ? StatusBadge("–", "watched", .off)
            : check.isWithoutEvidence == true ? StatusBadge("◌", "no evidence", .notice) : check.verdict.badge
        note = CheckRow.note(check, words: words).map { HTMLText($0) }
    }

    private static func note(_ check: CheckResult, words: CheckText) -> String? {
        if check.watchOnly { return "alone: \(check.verdict.rawValue)" }
        switch check.verdict {
        case .pass: return check.detectable.map { "could rule out \(words.amount($0))" }
        case .invalid: return nil
        case .inconclusive: return check.requestsNeeded.map { "about \(NumberText.estimate($0)) pairs needed" }
        case .marginal, .fail: return words.inMargins(check.estimate).map { "\(NumberText.decimal($0, 1)) × allowed" }
        }
    }

    /// Worst first: what decides before what is watched, by verdict, critical ones first, then by degradation in units of the
    /// margin; unknown degradation counts as most.
    static func sorted(_ checks: [CheckResult]) -> [CheckResult] {
        func rank(_ check: CheckResult) -> [Double] {
            let degradation = CheckText(check).inMargins(check.estimate) ?? .infinity
            return [
                check.watchOnly ? 1 : 0, check.watchOnly ? 0 : severity(check.verdict), check.critical ? 0 : 1,
                -degradation,
            ]
        }
        return checks.enumerated()
            .map { (rank: rank($0.element) + [Double($0.offset)], check: $0.element) }
            .sorted { $0.rank.lexicographicallyPrecedes($1.rank) }
            .map(\.check)
    }

    private static func severity(_ verdict: Verdict) -> Double {
        switch verdict {
        case .fail: 0
        case .marginal: 1
        case .inconclusive, .invalid: 2
        case .pass: 3
        }
    }
}

/// A check in the table with all numbers.
struct CheckNumbers: Hashable, Sendable {
    let name: HTMLText
    let aspect: HTMLText
    let samples: HTMLText
    let missing: HTMLText
    let estimate: HTMLText
    let lower: HTMLText
    let upper: HTMLText
    let margin: HTMLText
    let p: HTMLText
    let adjusted: HTMLText
    let detectable: HTMLText

    init(_ check: CheckResult) {
        let words = CheckText(check)
        func p(_ value: Double?) -> HTMLText { HTMLText(value.map(NumberText.probability) ?? "–") }
        name = HTMLText(check.title, limit: 110)
        aspect = HTMLText(check.aspect)
        samples = HTMLText(NumberText.count(check.samples))
        missing = HTMLText(NumberText.count(check.missing))
        estimate = HTMLText(words.degradation(check.estimate))
        lower = HTMLText(words.degradation(check.lower))
        upper = HTMLText(words.degradation(check.upper))
        margin = HTMLText(words.amount(check.margin))
        self.p = p(check.pDegradation)
        adjusted = p(check.pAdjusted)
        detectable = HTMLText(words.amount(check.detectable))
    }
}

/// How often a yes-or-no metric changed within a pair.
struct FlipRow: Hashable, Sendable {
    let name: HTMLText
    let isWatchOnly: Bool
    let worse: HTMLText
    let better: HTMLText
    let good: HTMLText
    let bad: HTMLText

    init?(_ check: CheckResult) {
        guard let flips = check.flips else { return nil }
        name = HTMLText(check.title, limit: 110)
        isWatchOnly = check.watchOnly
        worse = HTMLText(NumberText.count(flips.gotWorse))
        better = HTMLText(NumberText.count(flips.gotBetter))
        good = HTMLText(NumberText.count(flips.bothGood))
        bad = HTMLText(NumberText.count(flips.bothBad))
    }
}

/// What a check found among the requests of one kind.
struct SliceRow: Hashable, Sendable {
    let slice: HTMLText
    let check: HTMLText
    let samples: HTMLText
    let estimate: HTMLText
    let interval: HTMLText
    let badge: StatusBadge

    /// The most rows of a page.
    private static let maxRows = 40

    private init(_ slice: SliceResult, _ check: CheckResult, isUneven: Bool) {
        let words = CheckText(check)
        self.slice = HTMLText("\(slice.key): \(slice.value)", limit: 110)
        self.check = HTMLText(slice.check, limit: 110)
        samples = HTMLText(NumberText.count(slice.samples))
        estimate = HTMLText(words.degradation(slice.estimate))
        interval = HTMLText("90 %: \(words.bare(slice.lower)) … \(words.bare(slice.upper))")
        badge =
            slice.isFlagged
            ? StatusBadge("✖", "worse here", .bad)
            : isUneven ? StatusBadge("▲", "differs by slice", .notice) : StatusBadge("–", "nothing found", .off)
    }

    /// The rows of a report, what is flagged first and then what differs from slice to slice; and what of it is not shown.
    static func rows(_ judgment: Judgment) -> (rows: [SliceRow], left: Int) {
        let checks = Dictionary(judgment.checks.map { ($0.title, $0) }) { first, _ in first }
        let uneven = judgment.uneven ?? []
        func isUneven(_ slice: SliceResult) -> Bool {
            uneven.contains { $0.key == slice.key && $0.check == slice.check }
        }
        let known = (judgment.slices ?? []).compactMap { slice in checks[slice.check].map { (slice, $0) } }
        let ranked =
            known.filter { $0.0.isFlagged } + known.filter { !$0.0.isFlagged && isUneven($0.0) }
            + known.filter { !$0.0.isFlagged && !isUneven($0.0) }
        let shown = ranked.prefix(maxRows).map { SliceRow($0.0, $0.1, isUneven: isUneven($0.0)) }
        return (shown, ranked.count - shown.count)
    }
}
