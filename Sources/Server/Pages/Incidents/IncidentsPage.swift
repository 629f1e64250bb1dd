import RegistryTypes
import WireFormat

/// All incidents, newest first.
struct IncidentsPage: Page {
    static let template = "incidents"
    let frame: Frame
    let summary: HTMLText
    let hasRows: Bool
    let incidents: [IncidentLine]
    let older: Link?
    let toggle: Link

    /// `open` is whether only open ones (true) or closed ones (false) are asked for.
    init(_ list: ListAnswer<IncidentRow>, model: Name?, open: Bool?, visit: Visit) {
        let shown = list.items.count { $0.closedAt == nil }
        let flags = (model.map { " --model \($0)" } ?? "") + (open == true ? " --open" : "")
        frame = Frame(
            (shown > 0 ? "▲ \(shown) · " : "") + "Incidents",
            in: .incidents,
            command: "serin incident list\(flags)",
            visit: visit
        )
        summary = HTMLText(
            shown == 0 ? "none is open" : Figures.count(shown, "is open", plural: "are open")
        )
        incidents = list.items.prefix(50).map { IncidentLine($0, now: visit.now) }
        hasRows = !incidents.isEmpty
        older = list.next.map {
            Link(
                "Older",
                Href.query(
                    "/incidents",
                    [("before", $0), ("model", model?.text), ("open", open.map { $0 ? "yes" : "no" })]
                )
            )
        }
        toggle =
            open == true
            ? Link("All", Href.query("/incidents", [("model", model?.text)]))
            : Link("Open ones only", Href.query("/incidents", [("model", model?.text), ("open", "yes")]))
    }
}
