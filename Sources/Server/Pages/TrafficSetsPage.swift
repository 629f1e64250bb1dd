import Digests
import RegistryTypes

/// All traffic sets.
struct TrafficSetsPage: Page {
    /// A set.
    struct Row: Hashable, Sendable {
        let link: Link
        let requests: HTMLText
        let labelled: HTMLText
        let size: HTMLText
        let digest: HTMLText
        let at: Moment
        let by: HTMLText
    }

    static let template = "traffic-sets"
    let frame: Frame
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]

    init(_ sets: [TrafficRecord], visit: Visit) {
        frame = Frame("Traffic sets", in: .traffic, command: "serin traffic list", visit: visit)
        summary = HTMLText(Figures.count(sets.count, "set"))
        hasRows = !sets.isEmpty
        rows = sets.map { set in
            Row(
                link: Link(set.name.text, Href.traffic(set.name)),
                requests: HTMLText(Figures.count(set.requests)),
                labelled: HTMLText(Figures.count(set.labelled)),
                size: HTMLText(Figures.bytes(set.sizeBytes)),
                digest: HTMLText(set.digest.short),
                at: Moment(set.importedAt),
                by: HTMLText(set.importedBy)
            )
        }
    }
}
