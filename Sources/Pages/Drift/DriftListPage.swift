import RegistryRecords
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
        let state: StatusBadge
        let answeredBy: HTMLText
        let isDoubtful: Bool
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
    let isNothingCaptured: Bool
    let model: HTMLText

    /// Shows `list` to the reader whom `context` names.
    ///
    /// - Parameter hasCaptured: Whether any request was captured, so that there is something to compare.
    public init(
        _ list: ListAnswer<DriftRow>,
        baselines: [BaselineView],
        model: Name?,
        hasCaptured: Bool,
        context: PageContext
    ) {
        let waiting = list.items.first.flatMap { DriftVerdict(rawValue: $0.verdict) }?.isDrift == true
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
                state: baseline.state == BaselineView.inForce
                    ? StatusBadge("✔", baseline.state, .ok) : StatusBadge("–", baseline.state, .off),
                answeredBy: HTMLText(baseline.answeredBy, limit: 200),
                isDoubtful: baseline.rejected?.isEmpty == false,
                referenceModel: HTMLText(baseline.referenceModel.map { "\($0)" } ?? "none"),
                by: HTMLText(baseline.setBy, limit: 80),
                at: PageTime(baseline.setAt)
            )
        }
        hasBaselines = !baselines.isEmpty
        // Without a request there is nothing to compare, and nothing to compare with.
        isNothingCaptured = !hasCaptured
        runAction = hasCaptured && context.may(.runDrift) ? HTMLText(PagePath.drifts(of: nil).path) : nil
        baselineAction =
            hasCaptured && context.may(.setDriftReference) ? HTMLText(PagePath.baselines.path) : nil
        self.model = HTMLText(model?.text ?? baselines.first?.model.text ?? list.items.first?.model.text ?? "")
    }
}

extension DriftRow {
    /// The verdict of the report.
    var badge: StatusBadge {
        // Older builds wrote a verdict that is none any more.
        DriftVerdict(rawValue: verdict)?.badge
            ?? StatusBadge("?", verdict == "tooLittleData" ? "too little data" : verdict, .off)
    }
}

extension DriftVerdict {
    /// What a report concludes.
    var badge: StatusBadge {
        switch self {
        case .none: StatusBadge("✔", words, .ok)
        case .changed: StatusBadge("•", words, .info)
        case .ticket: StatusBadge("▲", words, .notice)
        case .page: StatusBadge("✖", words, .bad)
        case .learning: StatusBadge("◷", words, .info)
        case .unknown: StatusBadge("?", words, .off)
        }
    }
}
