public import RegistryRecords
public import RegistryTypes
public import WireFormat
import Wording

/// All canaries, 50 a page.
public struct CanariesPage: Page {
    /// A canary.
    struct Row: Hashable, Sendable {
        let link: Link
        let candidate: Link
        let baseline: Link
        let traffic: Link
        let requests: HTMLText
        let badge: StatusBadge
        let why: HTMLText
        let at: PageTime
        let by: HTMLText
    }

    public static let template = "canaries"
    public let layout: PageLayout
    let heading: HTMLText
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]
    let older: Link?

    /// Shows `list` to the reader whom `context` names.
    public init(_ list: ListAnswer<CanaryRecord>, model: Name?, context: PageContext) {
        layout = PageLayout(
            model.map { "Canaries of \($0)" } ?? "Canaries",
            in: .canaries,
            command: .canaryList(model),
            context: context
        )
        heading = HTMLText(model.map { "Canaries of \($0)" } ?? "Canaries")
        summary = "Recorded requests, replayed in pairs through the live release and a candidate."
        hasRows = !list.items.isEmpty
        rows = list.items.map { canary in
            Row(
                link: Link("\(canary.id)", .canary(canary.id)),
                candidate: Link("\(canary.candidate)", .release(canary.candidate)),
                baseline: Link("r\(canary.baseline.number)", .release(canary.baseline)),
                traffic: Link(canary.traffic.text, .traffic(canary.traffic)),
                requests: HTMLText(canary.pairsWords),
                badge: canary.badge,
                why: HTMLText(canary.summary ?? "", limit: 160),
                at: PageTime(canary.startedAt),
                by: HTMLText(canary.startedBy)
            )
        }
        older = list.next.map { next in
            Link("Older", at: PagePath.canaries(of: model).with([("before", next)]))
        }
    }
}

/// A canary in a list.
struct CanaryRow: Hashable, Sendable {
    let link: Link
    let what: HTMLText
    let release: HTMLText
    let badge: StatusBadge

    init(_ canary: CanaryRecord) {
        link = Link("\(canary.id)", .canary(canary.id))
        what = "\(canary.candidate) against r\(canary.baseline.number) on \(canary.traffic)"
        release = "r\(canary.candidate.number)"
        badge = canary.badge
    }
}

extension Verdict {
    /// How it is shown.
    var badge: StatusBadge {
        switch self {
        case .pass: StatusBadge("✔", "pass", .ok)
        case .marginal: StatusBadge("▲", "marginal", .notice)
        case .inconclusive: StatusBadge("◌", "inconclusive", .notice)
        case .fail: StatusBadge("✖", "fail", .bad)
        case .invalid: StatusBadge("◌", "invalid", .notice)
        }
    }
}

extension CanaryRecord {
    /// Its verdict, or how far it is.
    var badge: StatusBadge {
        if let verdict { return verdict.badge }
        return state == .running ? StatusBadge("◷", "running", .info) : StatusBadge("■", "stopped", .off)
    }
}
