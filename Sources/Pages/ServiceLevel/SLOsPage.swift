public import RegistryTypes
public import WireFormat
import Wording

/// All SLOs: met, how much is left, when it is gone.
public struct SLOsPage: Page {
    public static let template = "slos"
    public let layout: PageLayout
    let heading: HTMLText
    let summary: HTMLText
    let hasRows: Bool
    let slos: [SLOLine]

    /// Shows `slos` to the reader whom `context` names.
    public init(_ slos: [SLORow], model: Name?, context: PageContext) {
        let firing = slos.count { $0.alert != nil }
        layout = PageLayout(
            (firing > 0 ? "▲ \(firing) · " : "") + (model.map { "SLOs of \($0)" } ?? "SLOs"),
            in: .slos,
            command: .sloList(model: model),
            context: context
        )
        heading = HTMLText(model.map { "SLOs of \($0)" } ?? "SLOs")
        let states = [
            (SLORow.State.met, "met"), (.burning, "burning"), (.exhausted, "without budget"), (.unknown, "unknown"),
        ]
        let counts = states.compactMap { state, word in
            let count = slos.count { $0.state == state }
            return count > 0 ? "\(NumberText.count(count)) \(word)" : nil
        }
        summary = HTMLText(counts.isEmpty ? "none" : counts.joined(separator: " · "))
        self.slos = slos.prefix(60).map { SLOLine($0) }
        hasRows = !slos.isEmpty
    }
}

/// An SLO in a list.
struct SLOLine: Hashable, Sendable {
    let link: Link
    let channel: Link
    let objective: HTMLText
    let badge: StatusBadge
    let alert: HTMLText?
    let now: HTMLText
    let meter: Meter?
    let budget: HTMLText
    let burn: HTMLText
    let gone: HTMLText
    let events: HTMLText
    let sentence: HTMLText

    init(_ slo: SLORow) {
        link = Link(slo.name.text, .slo(slo.name, of: slo.model))
        channel = Link("\(slo.model)@\(slo.channel)", .model(slo.model))
        objective = HTMLText(slo.objective)
        badge = slo.state.badge
        alert = slo.alert.map { "\($0) fires" }
        now = HTMLText(NumberText.known(slo.sli) { NumberText.good($0, target: slo.target) })
        meter = Meter(budgetLeft: slo.budgetLeft)
        budget = HTMLText(NumberText.known(slo.budgetLeft, NumberText.budget))
        burn = HTMLText(NumberText.known(slo.burnFast, NumberText.burn))
        gone = HTMLText(slo.exhaustion)
        events = "\(NumberText.count(slo.bad)) of \(NumberText.count(slo.valid))"
        sentence = HTMLText(slo.sentence)
    }
}

extension SLORow.State {
    /// How the SLO stands.
    var badge: StatusBadge {
        switch self {
        case .met: StatusBadge("✔", "met", .ok)
        case .burning: StatusBadge("▲", "burning", .notice)
        case .exhausted: StatusBadge("✖", "budget gone", .bad)
        case .unknown: StatusBadge("?", "unknown", .off)
        }
    }
}

extension SLORow {
    /// When the budget is gone at the present pace.
    var exhaustion: String {
        NumberText.known(budgetLeft) { left in
            left <= 0 ? "gone" : exhaustedInSeconds.map { "in \(NumberText.duration($0))" } ?? "never"
        }
    }
}
