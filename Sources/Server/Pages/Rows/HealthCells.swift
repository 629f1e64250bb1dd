import RegistryTypes
import WireFormat

/// How a channel does, in the cells of a table and on the page for people on call.
struct HealthCells: Hashable, Sendable {
    let mark: Mark
    let words: HTMLText
    let rate: HTMLText
    let median: HTMLText
    let slow: HTMLText
    let spark: Sparkline?
    let failed: HTMLText
    let meter: Meter?
    let budget: HTMLText
    let slo: Link?
    let burn: HTMLText

    init(_ health: HealthRow) {
        mark = Mark(health.state)
        words = HTMLText(health.words)
        rate = HTMLText(Words.known(health.requestsPerSecond, Words.rate))
        median = HTMLText(Words.known(health.p50Seconds, Figures.duration))
        slow = HTMLText(Words.known(health.p95Seconds, Figures.duration))
        spark = Sparkline(health.p95History, what: "95 % quantile by minute, 30 minutes", words: Figures.duration)
        failed = HTMLText(Words.known(health.errorShare, Figures.share))
        meter = Meter(budgetLeft: health.budgetLeft)
        budget = HTMLText(Words.known(health.budgetLeft, Meter.budget))
        slo = health.budgetSLO.map { Link($0.text, Href.slo($0, of: health.model)) }
        burn = HTMLText(Words.known(health.burnFast, Words.burn))
    }
}
