import RegistryTypes
import UserDocuments
import WireFormat

/// An incident: what broke, what changed before, and whether it is over.
struct IncidentPage: Page {
    static let template = "incident"
    let frame: Frame
    let id: HTMLText
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let mark: Mark
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
    init(_ view: IncidentView, live: [HealthRow] = [], problem: String? = nil, visit: Visit) {
        let row = view.row
        let isOpen = row.closedAt == nil
        frame = Frame(
            (problem == nil ? "" : "Error: ") + "\(isOpen ? "Open" : "Closed"): \(row.id) \(row.model)",
            in: .incidents,
            command: "serin incident show \(row.id)",
            visit: visit
        )
        id = HTMLText("\(row.id)")
        model = Link(row.model.text, Href.model(row.model))
        heading = HTMLText("Incident \(row.id): \(row.title)")
        self.problem = problem.map { FormProblem(title: HTMLText($0), link: nil) }
        mark = Mark(row)
        sentence = HTMLText(view.sentence, limit: 800)
        let line = IncidentLine(row, now: view.at)
        let end = row.closedAt.map { " to \(Moment($0).minute.html) UTC" } ?? ""
        when = "\(row.family) · since \(line.opened.minute.html) UTC\(end), \(line.age.html)"
        next = isOpen ? HTMLText(view.next) : nil
        release = line.release
        rollout = view.rollout.map { Link("Rollout \($0)", Href.rollout($0)) }
        // Only while the release that went wrong is still live: after a return there is nothing to take back.
        let channel = live.first { $0.model == row.model && $0.release == row.release }?.channel
        rollback =
            isOpen && visit.may(.deploy)
            ? channel.map { Link("Roll back…", Href.rollback($0, of: row.model)) } : nil
        facts = view.facts.prefix(12).map { HTMLText($0) }
        hasFacts = !facts.isEmpty
        changes = TimelineTable(view.changedBefore, caption: "Newest first", limit: 15)
        hasChanges = !view.changedBefore.isEmpty
        timeline = TimelineTable(view.timeline, caption: "Oldest first")
        hasTimeline = !view.timeline.isEmpty
        rows = view.samples.prefix(40).map { RequestLine($0) }
        hasSamples = !rows.isEmpty
        samplesCaption = HTMLText(Figures.count(rows.count, "request") + " that went wrong")
        let mayWrite = visit.may(.deploy)
        noteAction = mayWrite ? HTMLText(Href.incident(row.id) + "/notes") : nil
        closeAction = mayWrite && isOpen ? HTMLText(Href.incident(row.id) + "/close") : nil
        noteCommand = "serin incident note \(row.id) TEXT"
        exportCommand = "serin incident export \(row.id)"
    }
}
