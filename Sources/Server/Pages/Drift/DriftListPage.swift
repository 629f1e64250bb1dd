import RegistryTypes
import WireFormat

/// All drift reports, and what they are measured against.
struct DriftListPage: Page {
    /// A report.
    struct Row: Hashable, Sendable {
        let link: Link
        let channel: Link
        let mark: Mark
        let sentence: HTMLText
        let window: HTMLText
        let requests: HTMLText
        let at: Moment
        let by: HTMLText
    }

    /// A reference.
    struct Baseline: Hashable, Sendable {
        let id: HTMLText
        let channel: HTMLText
        let window: HTMLText
        let requests: HTMLText
        let state: HTMLText
        let referenceModel: HTMLText
        let by: HTMLText
        let at: Moment
    }

    static let template = "drifts"
    let frame: Frame
    let hasRows: Bool
    let rows: [Row]
    let older: Link?
    let hasBaselines: Bool
    let baselines: [Baseline]
    let runAction: HTMLText?
    let baselineAction: HTMLText?
    let model: HTMLText

    init(_ list: ListAnswer<DriftRow>, baselines: [BaselineView], model: Name?, visit: Visit) {
        let waiting = list.items.first.map { ["ticket", "page"].contains($0.verdict) } ?? false
        frame = Frame(
            waiting ? "▲ Drift" : "Drift",
            in: .drift,
            command: "serin drift list" + (model.map { " --model \($0)" } ?? ""),
            visit: visit
        )
        rows = list.items.prefix(50).map { row in
            Row(
                link: Link("\(row.id)", Href.drift(row.id)),
                channel: Link("\(row.model)@\(row.channel)", Href.model(row.model)),
                mark: Mark(drift: row.verdict),
                sentence: HTMLText(row.sentence, limit: 240),
                window: HTMLText(Words.span(row.since, row.until)),
                requests: HTMLText(Figures.count(row.requests)),
                at: Moment(row.at),
                by: HTMLText(row.by, limit: 80)
            )
        }
        hasRows = !rows.isEmpty
        older = list.next.map { Link("Older", Href.query("/drift", [("before", $0), ("model", model?.text)])) }
        self.baselines = baselines.prefix(20).map { baseline in
            Baseline(
                id: HTMLText(baseline.id, limit: 40),
                channel: "\(baseline.model)@\(baseline.channel)",
                window: HTMLText(Words.span(baseline.since, baseline.until)),
                requests: HTMLText(Figures.count(baseline.requests)),
                state: HTMLText(baseline.state, limit: 120),
                referenceModel: HTMLText(baseline.referenceModel.map { "\($0)" } ?? "none"),
                by: HTMLText(baseline.setBy, limit: 80),
                at: Moment(baseline.setAt)
            )
        }
        hasBaselines = !baselines.isEmpty
        runAction = visit.may(.publish) ? "/drift" : nil
        baselineAction = visit.may(.deploy) ? "/drift/baselines" : nil
        self.model = HTMLText(model?.text ?? baselines.first?.model.text ?? list.items.first?.model.text ?? "")
    }
}
