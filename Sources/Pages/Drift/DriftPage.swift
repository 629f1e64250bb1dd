import Foundation
import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// A drift report: the verdict, whether it hurts, what moved, when, how, in which prompts, where, and the evidence.
public struct DriftPage: Page {
    /// A tile of "does it hurt?".
    struct Degradation: Hashable, Sendable {
        let title: HTMLText
        let badge: StatusBadge
        let change: HTMLText
        let words: HTMLText
        let margin: HTMLText
    }

    /// A signal that moved.
    struct Moved: Hashable, Sendable {
        let title: HTMLText
        let family: HTMLText
        let reference: HTMLText
        let current: HTMLText
        let change: HTMLText
        let meter: Meter?
        let size: HTMLText
        let badge: StatusBadge
    }

    /// A part of the traffic.
    struct Place: Hashable, Sendable {
        let dimension: HTMLText
        let value: HTMLText
        let reference: HTMLText
        let current: HTMLText
        let part: HTMLText
    }

    /// How the prompts least like the reference differ from the rest.
    struct Explanation: Hashable, Sendable {
        /// A signal.
        struct Line: Hashable, Sendable {
            let title: HTMLText
            let unusual: HTMLText
            let rest: HTMLText
        }

        /// A request.
        struct Example: Hashable, Sendable {
            let link: Link
            let input: MarkedText
        }

        let caption: HTMLText
        let hasLines: Bool
        let lines: [Line]
        let examples: [Example]
    }

    public static let template = "drift"
    public let layout: PageLayout
    let id: HTMLText
    let heading: HTMLText
    let badge: StatusBadge
    let sentence: HTMLText
    let facts: HTMLText
    let falseAlarms: HTMLText
    let learning: HTMLText?
    let action: HTMLText
    let command: HTMLText
    let hasDegradations: Bool
    let degradations: [Degradation]
    let hasMoved: Bool
    let moved: [Moved]
    let rest: HTMLText
    let hasFaults: Bool
    let faults: [HTMLText]
    let hasUnseen: Bool
    let unseen: [HTMLText]
    let course: DriftCourseChart?
    /// Why there is no course.
    let noCourse: HTMLText
    let hasBars: Bool
    let bars: [PairedBars]
    let explanation: Explanation?
    let hasPlaces: Bool
    let places: [Place]
    let hasChanges: Bool
    let changes: TimelineTable
    let evidence: DriftEvidence
    let baselineForm: HTMLText?
    let requests: Link

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: DriftView, context: PageContext) {
        let report = view.report
        let verdict = view.row.badge
        layout = PageLayout(
            "\(verdict.word.plain): drift \(view.row.id) \(report.model)",
            in: .drift,
            command: .driftShow(view.row.id),
            context: context
        )
        id = HTMLText("\(view.row.id)")
        heading = "Drift \(view.row.id): \(report.model)@\(view.row.channel)"
        badge = verdict
        sentence = HTMLText(report.sentence, limit: 600)
        facts = HTMLText(DriftPage.facts(report), limit: 600)
        falseAlarms = HTMLText(
            "Two samples of the same traffic give a ticket in at most \(NumberText.share(DriftReport.ticketLevel)) of reports; of the coloured lines at most \(NumberText.share(DriftReport.colourLevel)) are false."
        )
        learning = report.learning.map {
            "The reference is still being learned: \(NumberText.count($0.requests)) of \(NumberText.count($0.wantedRequests, "request")), \($0.days) of \(NumberText.count($0.wantedDays, "day"))."
        }
        action = HTMLText(report.action.sentence, limit: 400)
        command = HTMLText(report.action.command)
        degradations = report.degradations.prefix(4).map(DriftPage.degradation)
        hasDegradations = !degradations.isEmpty
        moved = report.moved.prefix(6).map(DriftPage.moved)
        hasMoved = !moved.isEmpty
        rest = HTMLText(DriftPage.rest(report))
        faults = report.faults.prefix(10).map {
            HTMLText("\($0.reason)\($0.family.map { " The \($0.rawValue) family is muted." } ?? "")", limit: 240)
        }
        hasFaults = !faults.isEmpty
        unseen = report.unseen.prefix(8).map(DriftPage.unseen)
        hasUnseen = !unseen.isEmpty
        course = report.course.flatMap { DriftCourseChart($0, changes: view.changes) }
        noCourse =
            DriftPage.lead(report).map {
                "\($0) leads; too few stretches of the window have requests to draw it over time."
            } ?? "No signal leads, or there are too few requests to draw one over time."
        bars = report.bars.prefix(6).map { PairedBars($0) }
        hasBars = !bars.isEmpty
        explanation = report.explanation.map(DriftPage.explanation)
        places = report.places.prefix(5).map { place in
            Place(
                dimension: HTMLText(place.dimension, limit: 60),
                value: HTMLText(place.value, limit: 80),
                reference: HTMLText(NumberText.share(place.reference)),
                current: HTMLText(NumberText.share(place.current)),
                part: HTMLText(NumberText.share(place.part))
            )
        }
        hasPlaces = !places.isEmpty
        changes = TimelineTable(view.changes, caption: "Newest first", limit: 15)
        hasChanges = !view.changes.isEmpty
        evidence = DriftEvidence(report)
        baselineForm = context.may(.setDriftReference) ? HTMLText(PagePath.driftBaseline(view.row.id).path) : nil
        requests = Link(
            "Requests of the window",
            at: PagePath.requests(of: report.model).with([("since", TimeText.rfc3339(report.window.from))])
        )
    }

    /// What people call the signal that leads; nil when none moved.
    private static func lead(_ report: DriftReport) -> String? {
        report.leading.flatMap { signal in report.tests.first { $0.signal == signal }?.title }
    }

    private static func facts(_ report: DriftReport) -> String {
        let releases = report.releases.prefix(6).map { "r\($0)" }.joined(separator: ", ")
        let lead = lead(report)
        return [
            releases.isEmpty ? "no release answered" : "answered by \(releases)",
            "\(TimeText.span(report.window.from, report.window.to)), \(NumberText.count(report.window.requests, "request"))",
            lead.map { "led by \($0)" } ?? "nothing leads",
        ].joined(separator: " · ")
    }

    private static func degradation(_ degradation: DriftDegradation) -> Degradation {
        func words(_ value: Double) -> String {
            degradation.isRatio
                ? NumberText.growth(expm1(value)) : NumberText.points(value)
        }
        let interval: String
        if let lower = degradation.lower, let upper = degradation.upper {
            interval = "95 % interval \(words(lower)) to \(words(upper))"
        } else {
            interval = "no interval"
        }
        return Degradation(
            title: HTMLText(degradation.title, limit: 80),
            badge: degradation.state.badge,
            change: HTMLText("\(degradation.reference ?? "unknown") → \(degradation.current ?? "unknown")", limit: 160),
            words: HTMLText("\(NumberText.known(degradation.change, words)) (\(interval); more is worse)"),
            margin: HTMLText("allowed \(degradation.allowed.map { "to \($0)" } ?? words(degradation.margin))")
        )
    }

    private static func moved(_ test: DriftTest) -> Moved {
        let size = test.sizeOverFloor
        return Moved(
            title: HTMLText(test.title, limit: 80),
            family: HTMLText(test.family.rawValue),
            reference: HTMLText(test.reference ?? "unknown", limit: 80),
            current: HTMLText(test.current ?? "unknown", limit: 80),
            change: HTMLText(test.change ?? "–", limit: 60),
            meter: Meter(value: size, limit: 1, words: "\(NumberText.decimal(size, 1)) times the floor"),
            size: HTMLText(NumberText.decimal(size, 1) + " ×"),
            badge: test.state.badge
        )
    }

    private static func rest(_ report: DriftReport) -> String {
        let lost =
            report.faults.isEmpty ? "no field lost" : NumberText.count(report.faults.count, "fault") + " of the capture"
        let new =
            report.unseen.isEmpty
            ? "nothing unseen" : NumberText.count(report.unseen.count, "signal") + " with unseen values"
        let dropped =
            report.dropped == 0 ? "no record dropped" : "\(NumberText.count(report.dropped, "record")) dropped"
        let cut = report.tests.count { $0.state == .moved } > 6 ? " The table holds the 6 that moved furthest." : ""
        return "\(report.tally); \(lost); \(new); \(dropped).\(cut)"
    }

    private static func unseen(_ unseen: DriftUnseen) -> HTMLText {
        let values = unseen.values.prefix(5).joined(separator: ", ")
        return HTMLText(
            "\(unseen.signal): \(values) in \(NumberText.share(unseen.share)) of the window (95 % interval \(NumberText.share(unseen.lower)) to \(NumberText.share(unseen.upper))); up to \(NumberText.share(unseen.unremarkable)) could have gone unseen in the reference",
            limit: 400
        )
    }

    private static func explanation(_ explanation: DriftExplanation) -> Explanation {
        Explanation(
            caption: HTMLText(
                "\(NumberText.count(explanation.requests, "request")), the tenth least like the reference, against the rest; told apart from the reference at \(NumberText.decimal(explanation.separation, 2)) (0.5 not at all, 1 always)"
            ),
            hasLines: !explanation.lines.isEmpty,
            lines: explanation.lines.prefix(8).map {
                Explanation.Line(
                    title: HTMLText($0.title, limit: 80),
                    unusual: HTMLText($0.unusual, limit: 80),
                    rest: HTMLText($0.rest, limit: 80)
                )
            },
            examples: explanation.examples.prefix(5).map {
                Explanation.Example(
                    link: Link("…" + $0.request.text.suffix(8), .request($0.request)),
                    input: MarkedText($0.input ?? "the text is not kept", limit: 500)
                )
            }
        )
    }
}

extension DriftDegradation.State {
    /// What the margin says.
    var badge: StatusBadge {
        switch self {
        case .withinMargin: StatusBadge("✔", "inside the margin", .ok)
        case .unclear: StatusBadge("◌", "cannot say", .notice)
        case .beyondMargin: StatusBadge("✖", "worse", .bad)
        case .unknown: StatusBadge("?", "no data", .off)
        }
    }
}
