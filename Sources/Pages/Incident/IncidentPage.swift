import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// An incident: what broke, what changed before, and whether it is over.
public struct IncidentPage: Page {
    public static let template = "incident"
    public let layout: PageLayout
    let id: HTMLText
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let badge: StatusBadge
    let sentence: HTMLText
    let when: HTMLText
    let next: HTMLText?
    let release: Link?
    let rollout: Link?
    let rollback: Link?
    let hasFacts: Bool
    let facts: [HTMLText]
    let hasChanges: Bool
    let changes: TimelineTable
    let hasTimeline: Bool
    let timeline: TimelineTable
    let hasSamples: Bool
    let samplesCaption: HTMLText
    let rows: [RequestLine]
    let noteAction: HTMLText?
    let closeAction: HTMLText?
    let noteCommand: HTMLText
    let exportCommand: HTMLText

    /// `live` is where releases are live now, for the brake; `problem` is why a form came back.
    public init(_ view: IncidentView, live: [HealthRow] = [], problem: String? = nil, context: PageContext) {
        let row = view.row
        let isOpen = row.closedAt == nil
        layout = PageLayout(
            (problem == nil ? "" : "Error: ") + "\(isOpen ? "Open" : "Closed"): \(row.id) \(row.model)",
            in: .incidents,
            command: .incidentShow(row.id),
            context: context
        )
        id = HTMLText("\(row.id)")
        model = Link(row.model.text, .model(row.model))
        heading = HTMLText("Incident \(row.id): \(row.title)")
        self.problem = problem.map { FormProblem(title: HTMLText($0), link: nil) }
        badge = row.badge
        sentence = HTMLText(view.sentence, limit: 800)
        let line = IncidentLine(row, now: view.at)
        let end = row.closedAt.map { " to \(TimeText.minute($0)) UTC" } ?? ""
        let about = (row.channel.map { "\($0) · " } ?? "") + row.family
        when = "\(about) · since \(line.opened.minute.plain) UTC\(end), \(line.age.plain)"
        next = isOpen ? HTMLText(view.next) : nil
        release = line.release
        rollout = view.rollout.map { Link("Rollout \($0)", .rollout($0)) }
        // Only while the release that went wrong is still live: after a return there is nothing to take back.
        let channel = live.first {
            $0.model == row.model && $0.release == row.release && (row.channel == nil || $0.channel == row.channel)
        }
        rollback = isOpen ? channel.flatMap { Link(rollbackOf: $0, context: context) } : nil
        facts = view.facts.prefix(12).map { HTMLText($0) }
        hasFacts = !facts.isEmpty
        changes = TimelineTable(view.changedBefore, caption: "Newest first", limit: 15)
        hasChanges = !view.changedBefore.isEmpty
        timeline = TimelineTable(view.timeline, caption: "Oldest first")
        hasTimeline = !view.timeline.isEmpty
        rows = view.samples.prefix(40).map { RequestLine($0) }
        hasSamples = !rows.isEmpty
        samplesCaption = HTMLText(NumberText.count(rows.count, "request") + " that went wrong")
        noteAction = context.may(.noteIncident) ? HTMLText(PagePath.incidentNotes(row.id).path) : nil
        closeAction =
            isOpen && context.may(.closeIncident) ? HTMLText(PagePath.closeIncident(row.id).path) : nil
        noteCommand = HTMLText(.incidentNote(row.id))
        exportCommand = HTMLText(.incidentExport(row.id))
    }
}

/// What happened, for the template `timeline`.
struct TimelineTable: Hashable, Sendable {
    /// Something that happened.
    struct Row: Hashable, Sendable {
        let at: PageTime
        let kind: HTMLText
        let text: HTMLText
        let by: HTMLText
        let event: Link?
    }

    let caption: HTMLText
    let rows: [Row]

    /// The first `limit` of `rows`, in the order given.
    init(_ rows: [TimelineRow], caption: String, limit: Int = 40) {
        let cut = rows.count > limit ? "; the first \(limit) of \(NumberText.count(rows.count))" : ""
        self.caption = HTMLText(caption + cut)
        self.rows = rows.prefix(limit).map { row in
            Row(
                at: PageTime(row.at),
                kind: HTMLText(row.kind),
                text: HTMLText(row.text, limit: 240),
                by: HTMLText(row.by, limit: 80),
                event: row.event.map { Link("#\($0)", at: PagePath.audit.with([("before", String($0 + 1))])) }
            )
        }
    }
}
