public import RegistryTypes
public import WireFormat
import Wording

/// All drift reports, and what they are measured against.
public struct DriftListPage: Page {
    /// A report.
    struct Row: Hashable, Sendable {
        let link: Link
        let channel: Link
        let badge: StatusBadge
        let sentence: HTMLText
        let window: HTMLText
        let requests: HTMLText
        let at: PageTime
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
        let at: PageTime
    }

    public static let template = "drifts"
    public let layout: PageLayout
    let hasRows: Bool
    let rows: [Row]
    let older: Link?
    let hasBaselines: Bool
    let baselines: [Baseline]
    let runAction: HTMLText?
    let baselineAction: HTMLText?
    let model: HTMLText

    /// Shows `list` to the reader whom `context` names.
    public init(_ list: ListAnswer<DriftRow>, baselines: [BaselineView], model: Name?, context: PageContext) {
        let waiting = list.items.first.map { ["ticket", "page"].contains($0.verdict) } ?? false
        layout = PageLayout(
            waiting ? "▲ Drift" : "Drift",
            in: .drift,
            command: .driftList(model),
            context: context
        )
        rows = list.items.prefix(50).map { row in
            Row(
                link: Link("\(row.id)", .drift(row.id)),
                channel: Link("\(row.model)@\(row.channel)", .model(row.model)),
                badge: row.badge,
                sentence: HTMLText(row.sentence, limit: 240),
                window: HTMLText(TimeText.span(row.since, row.until)),
                requests: HTMLText(NumberText.count(row.requests)),
                at: PageTime(row.at),
                by: HTMLText(row.by, limit: 80)
            )
        }
        hasRows = !rows.isEmpty
        older = list.next.map { Link("Older", at: PagePath.drifts(of: model).with([("before", $0)])) }
        self.baselines = baselines.prefix(20).map { baseline in
            Baseline(
                id: HTMLText(baseline.id, limit: 40),
                channel: "\(baseline.model)@\(baseline.channel)",
                window: HTMLText(TimeText.span(baseline.since, baseline.until)),
                requests: HTMLText(NumberText.count(baseline.requests)),
                state: HTMLText(baseline.state, limit: 120),
                referenceModel: HTMLText(baseline.referenceModel.map { "\($0)" } ?? "none"),
                by: HTMLText(baseline.setBy, limit: 80),
                at: PageTime(baseline.setAt)
            )
        }
        hasBaselines = !baselines.isEmpty
        runAction = context.may(.runDrift) ? HTMLText(PagePath.drifts(of: nil).path) : nil
        baselineAction = context.may(.setDriftReference) ? HTMLText(PagePath.baselines.path) : nil
        self.model = HTMLText(model?.text ?? baselines.first?.model.text ?? list.items.first?.model.text ?? "")
    }
}

extension DriftRow {
    /// The verdict of the report.
    var badge: StatusBadge {
        switch verdict {
        case "none": StatusBadge("✔", "stable", .ok)
        case "changed": StatusBadge("•", "changed", .info)
        case "ticket": StatusBadge("▲", "drift", .notice)
        case "page": StatusBadge("✖", "drift, page", .bad)
        case "learning": StatusBadge("◷", "learning", .info)
        case "unknown": StatusBadge("?", "unknown", .off)
        case "tooLittleData": StatusBadge("?", "too little data", .off)
        default: StatusBadge("?", verdict, .off)
        }
    }
}
