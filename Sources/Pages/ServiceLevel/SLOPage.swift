import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// An SLO of a model: do we meet it, how much is left, when is it gone, and what does it do.
public struct SLOPage: Page {
    /// A pair of windows of its alerts.
    struct Alert: Hashable, Sendable {
        let severity: HTMLText
        let windows: HTMLText
        let factor: HTMLText
        let clamped: HTMLText?
        let long: HTMLText
        let short: HTMLText
        let meter: Meter?
        let bad: HTMLText
        let needed: HTMLText
        let lower: HTMLText
        let badge: StatusBadge
        let why: HTMLText
    }

    /// A stretch of its history.
    struct Stretch: Hashable, Sendable {
        let at: PageTime
        let valid: HTMLText
        let bad: HTMLText
        let sli: HTMLText
        let burn: HTMLText
        let budget: HTMLText
    }

    /// Something that happened.
    struct Happening: Hashable, Sendable {
        let at: PageTime
        let kind: HTMLText
        let text: HTMLText
    }

    /// What a release had of its events.
    struct Release: Hashable, Sendable {
        let link: Link
        let arm: HTMLText
        let valid: HTMLText
        let bad: HTMLText
        let share: HTMLText
    }

    public static let template = "slo"
    public let layout: PageLayout
    let name: HTMLText
    let channel: Link
    let objective: HTMLText
    let badge: StatusBadge
    let sentence: HTMLText
    let budgetAction: HTMLText
    let figures: [Fact]
    let hasWarnings: Bool
    let warnings: [HTMLText]
    let hasPanels: Bool
    let panels: [TimeChart]
    let hasStretches: Bool
    let stretches: [Stretch]
    let stretchesSummary: HTMLText
    let hasHappenings: Bool
    let happenings: [Happening]
    let hasAlerts: Bool
    let alerts: [Alert]
    let definition: [Fact]
    let hasReleases: Bool
    let releases: [Release]
    let hasIncidents: Bool
    let incidents: [IncidentLine]
    let explainCommand: HTMLText
    let document: HTMLText
    let source: HTMLText

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: SLOView, context: PageContext) {
        let row = view.row
        let stateBadge = row.state.badge
        layout = PageLayout(
            "\(stateBadge.word.plain): \(row.name) of \(row.model)",
            in: .slos,
            command: .sloShow(row.name, model: row.model),
            freshness: PageLayout.Freshness(newest: view.dataUntil),
            context: context
        )
        name = HTMLText(row.name.text)
        channel = Link("\(row.model)@\(row.channel)", .model(row.model))
        objective = HTMLText(row.objective)
        badge = stateBadge
        sentence = HTMLText(row.sentence, limit: 600)
        budgetAction = HTMLText(view.budgetAction)
        figures = SLOPage.figures(view)
        warnings = view.warnings.prefix(10).map { HTMLText($0, limit: 240) }
        hasWarnings = !warnings.isEmpty
        panels = SLOPanels(view).charts
        hasPanels = !panels.isEmpty
        let known = view.points.filter { $0.valid > 0 }
        stretches = known.suffix(120).map { SLOPage.stretch($0, target: row.target) }
        hasStretches = !stretches.isEmpty
        stretchesSummary = HTMLText(
            "\(NumberText.count(known.count, "stretch", plural: "stretches")) with events, of \(NumberText.setTime(view.points.first?.seconds ?? 0)) each; \(NumberText.count(view.points.count - known.count)) without, which count for nothing"
        )
        happenings = view.marks.suffix(40).map {
            Happening(at: PageTime($0.at), kind: HTMLText($0.kind), text: HTMLText($0.text, limit: 100))
        }
        hasHappenings = !happenings.isEmpty
        alerts = view.windows.map(SLOPage.alert)
        hasAlerts = !alerts.isEmpty
        definition = [
            Fact("Valid events", view.validEvents), Fact("Good events", view.goodEvents),
            Fact("Used by", view.usedBy.isEmpty ? "nothing: it is only watched" : view.usedBy.joined(separator: "; ")),
        ]
        releases = view.releases.prefix(20).map { release in
            Release(
                link: Link("r\(release.release)", .release(ReleaseID(row.model, release.release))),
                arm: HTMLText(TrafficArm(rawValue: release.arm)?.words ?? release.arm),
                valid: HTMLText(NumberText.count(release.valid)),
                bad: HTMLText(NumberText.count(release.bad)),
                share: HTMLText(
                    release.valid > 0
                        ? NumberText.share(Double(release.bad) / Double(release.valid)) : NumberText.unknown
                )
            )
        }
        hasReleases = !releases.isEmpty
        incidents = view.incidents.prefix(20).map { IncidentLine($0, now: view.at) }
        hasIncidents = !incidents.isEmpty
        explainCommand = HTMLText(.sloExplain(row.name, model: row.model))
        document =
            "Document, revision \(view.document.revision) by \(view.document.appliedBy), \(view.document.digest.short)"
        source = HTMLText(view.document.source, limit: 5000)
    }

    private static func figures(_ view: SLOView) -> [Fact] {
        let row = view.row
        // Only a sample has an interval: a full count is what it is.
        let interval: [Fact] =
            view.interval.count == 2
            ? [
                Fact(
                    "95 % interval",
                    "\(NumberText.good(view.interval[0])) to \(NumberText.good(view.interval[1]))"
                )
            ] : []
        return [Fact("Now", NumberText.known(row.sli) { NumberText.good($0, target: row.target) })] + interval + [
            Fact("Budget left", NumberText.known(row.budgetLeft, NumberText.budget)),
            Fact("At this pace it", row.exhaustion),
            Fact(
                view.windows.map(\.longSeconds).min().map { "Burn over \(NumberText.setTime($0))" } ?? "Burn",
                NumberText.known(row.burnFast, NumberText.burn)
            ),
            Fact("Bad events", "\(NumberText.count(row.bad)) of \(NumberText.count(row.valid))"),
        ]
    }

    private static func stretch(_ point: SLOPoint, target: Double) -> Stretch {
        let share = Double(point.bad) / Double(max(1, point.valid))
        return Stretch(
            at: PageTime(point.start),
            valid: HTMLText(NumberText.count(point.valid)),
            bad: HTMLText(NumberText.count(point.bad)),
            sli: HTMLText(NumberText.good(1 - share)),
            burn: HTMLText(target < 1 ? NumberText.burn(share / (1 - target)) : NumberText.unknown),
            budget: HTMLText(NumberText.known(point.budgetLeft, NumberText.budget))
        )
    }

    private static func alert(_ window: SLOWindowRow) -> Alert {
        Alert(
            severity: HTMLText(window.severity),
            windows: "\(NumberText.setTime(window.longSeconds)) and \(NumberText.setTime(window.shortSeconds))",
            factor: HTMLText(NumberText.burn(window.factor)),
            clamped: window.factor < window.publishedFactor
                ? "published \(NumberText.burn(window.publishedFactor))" : nil,
            long: HTMLText(NumberText.known(window.burnLong, NumberText.burn)),
            short: HTMLText(NumberText.known(window.burnShort, NumberText.burn)),
            meter: Meter(
                value: window.burnLong,
                limit: window.factor,
                words: NumberText.known(window.burnLong, NumberText.burn)
            ),
            bad: "\(NumberText.count(window.badLong)) of \(NumberText.count(window.validLong))",
            needed: HTMLText(NumberText.count(window.minimumBad)),
            lower: HTMLText(NumberText.known(window.lowerBound, NumberText.share)),
            badge: window.badge,
            why: HTMLText(window.why, limit: 240)
        )
    }
}

extension SLOWindowRow {
    /// Whether its alert fires.
    var badge: StatusBadge {
        switch state {
        case "firing": StatusBadge("✖", "firing", severity == "page" ? .bad : .notice)
        case "quiet": StatusBadge("✔", "quiet", .ok)
        default: StatusBadge("?", "unknown", .off)
        }
    }
}
