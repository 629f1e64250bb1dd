import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// An SLO of a model: do we meet it, how much is left, when is it gone, and what does it do.
struct SLOPage: Page {
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
        let mark: Mark
        let why: HTMLText
    }

    /// A stretch of its history.
    struct Stretch: Hashable, Sendable {
        let at: Moment
        let valid: HTMLText
        let bad: HTMLText
        let sli: HTMLText
        let burn: HTMLText
        let budget: HTMLText
    }

    /// Something that happened.
    struct Happening: Hashable, Sendable {
        let at: Moment
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

    static let template = "slo"
    let frame: Frame
    let name: HTMLText
    let channel: Link
    let objective: HTMLText
    let mark: Mark
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
    let alerts: [Alert]
    let definition: [Fact]
    let hasReleases: Bool
    let releases: [Release]
    let hasIncidents: Bool
    let incidents: [IncidentLine]
    let explainCommand: HTMLText
    let document: HTMLText
    let source: HTMLText

    init(_ view: SLOView, visit: Visit) {
        let row = view.row
        let stateMark = Mark(row.state)
        frame = Frame(
            "\(stateMark.word.html): \(row.name) of \(row.model)",
            in: .slos,
            command: "serin slo show \(row.name) --model \(row.model)",
            freshness: Frame.Freshness(newest: view.dataUntil),
            visit: visit
        )
        name = HTMLText(row.name.text)
        channel = Link("\(row.model)@\(row.channel)", Href.model(row.model))
        objective = HTMLText(row.objective)
        mark = stateMark
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
            "\(Figures.count(known.count, "stretch", plural: "stretches")) with events, of \(Words.window(view.points.first?.seconds ?? 0)) each; \(Figures.count(view.points.count - known.count)) without, which count for nothing"
        )
        happenings = view.marks.suffix(40).map {
            Happening(at: Moment($0.at), kind: HTMLText($0.kind), text: HTMLText($0.text, limit: 100))
        }
        hasHappenings = !happenings.isEmpty
        alerts = view.windows.map(SLOPage.alert)
        definition = [
            Fact("Valid events", view.validEvents), Fact("Good events", view.goodEvents),
            Fact("Used by", view.usedBy.isEmpty ? "nothing: it is only watched" : view.usedBy.joined(separator: "; ")),
        ]
        releases = view.releases.prefix(20).map { release in
            Release(
                link: Link("r\(release.release)", Href.release(ReleaseID(row.model, release.release))),
                arm: HTMLText(TrafficArm(rawValue: release.arm).map(Words.arm) ?? release.arm),
                valid: HTMLText(Figures.count(release.valid)),
                bad: HTMLText(Figures.count(release.bad)),
                share: HTMLText(
                    release.valid > 0 ? Figures.share(Double(release.bad) / Double(release.valid)) : "unknown"
                )
            )
        }
        hasReleases = !releases.isEmpty
        incidents = view.incidents.prefix(20).map { IncidentLine($0, now: view.at) }
        hasIncidents = !incidents.isEmpty
        explainCommand = "serin slo explain \(row.name) --model \(row.model)"
        document =
            "Document, revision \(view.document.revision) by \(view.document.appliedBy), \(view.document.digest.short)"
        source = HTMLText(view.document.source, limit: 5000)
    }

    private static func figures(_ view: SLOView) -> [Fact] {
        let row = view.row
        let interval =
            view.interval.count == 2
            ? "\(Figures.share(view.interval[0])) to \(Figures.share(view.interval[1]))" : "unknown"
        return [
            Fact("Now", Words.known(row.sli, Figures.share)),
            Fact("95 % interval", interval),
            Fact("Budget left", Words.known(row.budgetLeft, Meter.budget)),
            Fact("Gone", Words.exhaustion(row.exhaustedInSeconds, left: row.budgetLeft)),
            Fact("Burn", Words.known(row.burnFast, Words.burn)),
            Fact("Bad events", "\(Figures.count(row.bad)) of \(Figures.count(row.valid))"),
        ]
    }

    private static func stretch(_ point: SLOPoint, target: Double) -> Stretch {
        let share = Double(point.bad) / Double(max(1, point.valid))
        return Stretch(
            at: Moment(point.start),
            valid: HTMLText(Figures.count(point.valid)),
            bad: HTMLText(Figures.count(point.bad)),
            sli: HTMLText(Figures.share(1 - share)),
            burn: HTMLText(target < 1 ? Words.burn(share / (1 - target)) : "unknown"),
            budget: HTMLText(Words.known(point.budgetLeft, Meter.budget))
        )
    }

    private static func alert(_ window: SLOWindowRow) -> Alert {
        Alert(
            severity: HTMLText(window.severity),
            windows: "\(Words.window(window.longSeconds)) and \(Words.window(window.shortSeconds))",
            factor: HTMLText(Words.burn(window.factor)),
            clamped: window.factor < window.publishedFactor ? "published \(Words.burn(window.publishedFactor))" : nil,
            long: HTMLText(Words.known(window.burnLong, Words.burn)),
            short: HTMLText(Words.known(window.burnShort, Words.burn)),
            meter: Meter(value: window.burnLong, limit: window.factor, words: Words.known(window.burnLong, Words.burn)),
            bad: "\(Figures.count(window.badLong)) of \(Figures.count(window.validLong))",
            needed: HTMLText(Figures.count(window.minimumBad)),
            lower: HTMLText(Words.known(window.lowerBound, Figures.share)),
            mark: Mark(window),
            why: HTMLText(window.why, limit: 240)
        )
    }
}
