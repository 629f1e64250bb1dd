import RegistryRecords
import RegistryTypes
import WireFormat

/// All canaries, 50 a page.
struct CanariesPage: Page {
    /// A canary.
    struct Row: Hashable, Sendable {
        let link: Link
        let candidate: Link
        let baseline: Link
        let traffic: Link
        let requests: HTMLText
        let mark: Mark
        let why: HTMLText
        let at: Moment
        let by: HTMLText
    }

    static let template = "canaries"
    let frame: Frame
    let heading: HTMLText
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]
    let older: Link?

    init(_ list: ListAnswer<CanaryRecord>, model: Name?, visit: Visit) {
        frame = Frame(
            model.map { "Canaries of \($0)" } ?? "Canaries",
            in: .canaries,
            command: "serin canary list" + (model.map { " \($0)" } ?? ""),
            visit: visit
        )
        heading = HTMLText(model.map { "Canaries of \($0)" } ?? "Canaries")
        summary = "Recorded requests, replayed in pairs through the live release and a candidate."
        hasRows = !list.items.isEmpty
        rows = list.items.map { canary in
            Row(
                link: Link("\(canary.id)", Href.canary(canary.id)),
                candidate: Link("\(canary.candidate)", Href.release(canary.candidate)),
                baseline: Link("r\(canary.baseline.number)", Href.release(canary.baseline)),
                traffic: Link(canary.traffic.text, Href.traffic(canary.traffic)),
                requests: HTMLText(Figures.count(canary.requests)),
                mark: Mark(canary),
                why: HTMLText(canary.summary ?? "", limit: 160),
                at: Moment(canary.startedAt),
                by: HTMLText(canary.startedBy)
            )
        }
        older = list.next.map { next in
            Link("Older", "/canaries?before=\(next)" + (model.map { "&model=\($0)" } ?? ""))
        }
    }
}
