import RegistryTypes
import WireFormat

/// What happened, for the template `timeline`.
struct TimelineTable: Hashable, Sendable {
    /// Something that happened.
    struct Row: Hashable, Sendable {
        let at: Moment
        let kind: HTMLText
        let text: HTMLText
        let by: HTMLText
        let event: Link?
    }

    let caption: HTMLText
    let rows: [Row]

    /// The first `limit` of `rows`, in the order given.
    init(_ rows: [TimelineRow], caption: String, limit: Int = 40) {
        let cut = rows.count > limit ? "; the first \(limit) of \(Figures.count(rows.count))" : ""
        self.caption = HTMLText(caption + cut)
        self.rows = rows.prefix(limit).map { row in
            Row(
                at: Moment(row.at),
                kind: HTMLText(row.kind),
                text: HTMLText(row.text, limit: 240),
                by: HTMLText(row.by, limit: 80),
                event: row.event.map { Link("#\($0)", Href.query("/audit", [("before", String($0 + 1))])) }
            )
        }
    }
}
