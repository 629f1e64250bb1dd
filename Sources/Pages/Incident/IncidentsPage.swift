public import RegistryTypes
public import WireFormat
import Wording

/// All incidents, newest first.
public struct IncidentsPage: Page {
    public static let template = "incidents"
    public let layout: PageLayout
    let summary: HTMLText
    let hasRows: Bool
    let incidents: [IncidentLine]
    let older: Link?
    let toggle: Link

    /// `open` is whether only open ones (true) or closed ones (false) are asked for.
    public init(_ list: ListAnswer<IncidentRow>, model: Name?, open: Bool?, context: PageContext) {
        let shown = list.items.count { $0.closedAt == nil }
        layout = PageLayout(
            (shown > 0 ? "▲ \(shown) · " : "") + "Incidents",
            in: .incidents,
            command: .incidentList(model: model, open: open == true),
            context: context
        )
        summary = HTMLText(
            shown == 0 ? "none is open" : NumberText.count(shown, "is open", plural: "are open")
        )
        incidents = list.items.prefix(50).map { IncidentLine($0, now: context.now) }
        hasRows = !incidents.isEmpty
        older = list.next.map {
            Link(
                "Older",
                at: PagePath.incidents(of: model).with([("before", $0), ("open", open.map { $0 ? "yes" : "no" })])
            )
        }
        toggle =
            open == true
            ? Link("All", .incidents(of: model))
            : Link("Open ones only", at: PagePath.incidents(of: model).with([("open", "yes")]))
    }
}

/// An incident in a list.
struct IncidentLine: Hashable, Sendable {
    let link: Link
    let model: Link
    let channel: HTMLText
    let family: HTMLText
    let title: HTMLText
    let badge: StatusBadge
    let opened: PageTime
    let age: HTMLText
    let closed: PageTime?
    let release: Link?

    init(_ incident: IncidentRow, now: Timestamp) {
        link = Link("\(incident.id)", .incident(incident.id))
        model = Link(incident.model.text, .model(incident.model))
        channel = HTMLText(incident.channel?.text ?? "–")
        family = HTMLText(incident.family)
        title = HTMLText(incident.title, limit: 200)
        badge = incident.badge
        opened = PageTime(incident.openedAt)
        let lasted = (incident.closedAt ?? now).seconds(since: incident.openedAt)
        age = HTMLText((incident.closedAt == nil ? "for " : "lasted ") + NumberText.duration(max(0, lasted)))
        closed = incident.closedAt.map { PageTime($0) }
        release = incident.release.map { Link("r\($0)", .release(ReleaseID(incident.model, $0))) }
    }
}

extension IncidentRow {
    /// Over, or how urgent.
    var badge: StatusBadge {
        switch (closedAt, severity) {
        case (.some, _): StatusBadge("✔", "closed", .off)
        case (nil, "page"): StatusBadge("✖", "open, look now", .bad)
        case (nil, _): StatusBadge("▲", "open, look in working hours", .notice)
        }
    }
}
