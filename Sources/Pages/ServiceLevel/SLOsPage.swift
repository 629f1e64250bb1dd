import RegistryRecords
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
    let hasSLORows: Bool
    let slos: [SLOLine]
    /// What stands for the SLOs that have no row.
    let sloLines: [HTMLText]
    let older: Link?
    /// What is missing when nothing is listed, and the command that brings it.
    let missing: HTMLText
    let next: HTMLText

    /// Shows a part of `slos`, which are all there are, to the reader whom `context` names.
    ///
    /// - Parameters:
    ///   - first: the place of the first that is shown.
    ///   - count: how many are shown.
    ///   - inForce: the SLOs that are in force, whether or not they measure a model yet.
    public init(
        _ slos: [SLORow],
        from first: Int = 0,
        count: Int = 50,
        model: Name?,
        inForce: [Name],
        context: PageContext
    ) {
        let firing = slos.count { $0.alert != nil }
        layout = PageLayout(
            (firing > 0 ? "▲ \(firing) · " : "") + (model.map { "SLOs of \($0)" } ?? "SLOs"),
            in: .slos,
            command: .sloList(model: model),
            context: context
        )
        heading = HTMLText(model.map { "SLOs of \($0)" } ?? "SLOs")
        let states = [
            (SLORow.State.exhausted, "without budget"), (.burning, "burning"), (.missingTraffic, "missing traffic"),
            (.met, "met"), (.unknown, "unknown"), (.off, "off"),
        ]
        let counts = states.compactMap { state, word in
            let count = slos.count { $0.state == state }
            return count > 0 ? "\(NumberText.count(count)) \(word)" : nil
        }
        summary = HTMLText(counts.isEmpty ? "none" : counts.joined(separator: " · "))
        let fold = SLOFold(slos, keepsIdle: model != nil)
        let rest = fold.rows.dropFirst(first)
        self.slos = rest.prefix(count).map { SLOLine($0) }
        sloLines = fold.lines.map { HTMLText($0.prefix(1).uppercased() + $0.dropFirst(), limit: 600) }
        older =
            rest.count > count
            ? Link(
                "\(NumberText.count(rest.count - count, "row")) more, less urgent",
                at: PagePath.slos(of: model).with([("before", String(first + count))])
            ) : nil
        hasRows = !slos.isEmpty
        (missing, next) = SLOsPage.missing(model: model, inForce: inForce)
        hasSLORows = !self.slos.isEmpty
    }
}

extension SLOsPage {
    /// Why nothing is listed: no SLO is in force, or none of them has a model to measure.
    private static func missing(model: Name?, inForce: [Name]) -> (HTMLText, HTMLText) {
        guard !inForce.isEmpty else {
            return (
                "No SLO is in force. Apply the shipped ones, or your own:", HTMLText(.apply(file: "Policies/slos/"))
            )
        }
        let count = NumberText.count(inForce.count, "SLO is", plural: "SLOs are")
        if let model {
            return (
                "\(count) in force, and none is about \(model). Say so in the scope of one:", HTMLText(.apply())
            )
        }
        let names = inForce.prefix(10).map(\.text).joined(separator: ", ")
        return (
            "\(count) in force (\(names)) and there is no model yet that they could measure. Publish one:",
            HTMLText(.publish(.weights))
        )
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
    let reason: HTMLText?

    init(_ slo: SLORow) {
        link = Link(slo.name.text, .slo(slo.name, of: slo.model))
        channel = Link("\(slo.model)@\(slo.channel)", .model(slo.model))
        objective = HTMLText(slo.objective)
        badge = slo.state.badge
        // Missing traffic is the state itself: nothing fires.
        alert = slo.alertKind == AlertKind.missingTraffic.rawValue ? nil : slo.alert.map { "\($0) fires" }
        now = HTMLText(NumberText.known(slo.sli) { NumberText.good($0, target: slo.target) })
        meter = Meter(budgetLeft: slo.budgetLeft)
        budget = HTMLText(NumberText.known(slo.budgetLeft, NumberText.budget))
        burn = HTMLText(NumberText.known(slo.burnFast, NumberText.burn))
        gone = HTMLText(slo.exhaustion)
        events = "\(NumberText.count(slo.bad)) of \(NumberText.count(slo.valid))"
        reason = slo.reason.map { HTMLText($0, limit: 120) }
    }
}

extension SLORow.State {
    /// How the SLO stands.
    var badge: StatusBadge {
        switch self {
        case .met: StatusBadge("✔", "met", .ok)
        case .burning: StatusBadge("▲", "burning", .notice)
        case .exhausted: StatusBadge("✖", "budget gone", .bad)
        case .missingTraffic: StatusBadge("◌", "missing traffic", .notice)
        case .unknown: StatusBadge("?", "unknown", .off)
        case .off: StatusBadge("–", "off", .off)
        }
    }
}

extension SLORow {
    /// When the budget is gone at the present pace.
    var exhaustion: String {
        guard let budgetLeft else { return NumberText.unknown }
        if budgetLeft <= 0 { return "gone" }
        return exhaustedInSeconds.map { "gone in \(NumberText.duration($0))" }
            ?? (hasPace ? "lasts" : NumberText.unknown)
    }

    /// What becomes of the budget at the present pace, as the end of a sentence; nil where there is no pace.
    var pace: String? {
        exhaustedInSeconds.map { "gone in \(NumberText.duration($0)) at the present pace" }
            ?? (hasPace ? "not used up at the present pace" : nil)
    }

    /// Why nobody knows what is left of the budget.
    var unknownBudget: String { reason ?? "there are too few events to say" }

    /// Whether events come, so that there is a pace: silence has none.
    private var hasPace: Bool {
        switch state {
        case .met, .burning, .exhausted: true
        case .missingTraffic, .unknown, .off: false
        }
    }
}
