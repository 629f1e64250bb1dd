import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// One screen for the person on call: is it us, since when, and where is the brake.
public struct OnCallPage: Page {
    /// A channel with its brakes.
    struct Channel: Hashable, Sendable {
        let name: Link
        let release: Link
        let health: HealthCells
        let change: HTMLText
        let rollback: Link?
        /// Why there is no brake.
        let noRollback: HTMLText?
        let rollout: RolloutLine?
        let hold: HoldLine?
    }

    public static let template = "oncall"
    public let layout: PageLayout
    let badge: StatusBadge
    let verdict: HTMLText
    let since: HTMLText
    let work: HTMLText
    let hasChannels: Bool
    let channels: [Channel]
    let idle: IdleChannels?
    let isNothingLive: Bool
    /// How many channels are not shown.
    let others: HTMLText?
    let hasIncidents: Bool
    let incidents: [IncidentLine]
    /// Where those are that are not shown.
    let otherIncidents: Link?
    let hasMoves: Bool
    let moveTable: MoveTable
    let facts: [Fact]

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: OnCallView, context: PageContext) {
        let open = view.incidents.filter { $0.closedAt == nil }
        let openCount = max(open.count, view.openIncidents?.count ?? 0)
        let worst = view.channels.filter { $0.state == .failing || $0.state == .burning }
            .sorted { $0.state == .failing && $1.state != .failing }
        layout = PageLayout(
            worst.isEmpty && open.isEmpty ? "On call" : "▲ \(max(worst.count, openCount)) · On call",
            in: .onCall,
            command: .status(watch: true),
            freshness: PageLayout.Freshness(newest: view.channels.compactMap(\.dataUntil).max()),
            context: context
        )
        (badge, verdict) = OnCallPage.verdict(view, worst: worst, open: open, openCount: openCount)
        let first = view.openIncidents?.oldest ?? open.map(\.openedAt).min()
        since =
            first.map {
                "Since \(TimeText.minute($0)) UTC, \(NumberText.duration(max(0, view.at.seconds(since: $0)))): the oldest open incident."
            } ?? "No incident is open."
        work =
            "\(NumberText.count(view.active, "request is", plural: "requests are")) being answered, \(NumberText.count(view.queue)) wait\(view.isDraining ? "; the server is shutting down" : "")."
        let idle = IdleChannels(view.channels)
        self.idle = idle
        isNothingLive = view.channels.isEmpty
        let rest = (view.channelCount ?? view.channels.count) - view.channels.count
        others =
            rest > 0
            ? "\(NumberText.count(rest, "channel is", plural: "channels are")) not shown here: what burns, fails, is watched, held or asked comes first."
            : nil
        channels = view.channels.filter { idle?.holds($0.model, $0.channel) != true }.map {
            OnCallPage.channel($0, moves: view.moves, at: view.at, context: context)
        }
        hasChannels = !channels.isEmpty
        incidents = open.prefix(10).map { IncidentLine($0, now: view.at) }
        hasIncidents = !incidents.isEmpty
        let unseen = openCount - incidents.count
        otherIncidents =
            unseen > 0
            ? Link(
                "\(NumberText.count(unseen, "other is", plural: "others are")) open",
                at: PagePath.incidents(of: nil).with([("open", "yes")])
            ) : nil
        moveTable = MoveTable(Array(view.moves.prefix(5)), caption: "Newest first")
        hasMoves = !view.moves.isEmpty
        facts =
            [
                Fact("Capture", CaptureWords.standing(view.capture)),
                Fact(
                    "Reserve",
                    view.reserveBytes > 0
                        ? "\(NumberText.bytes(view.reserveBytes)) kept back, so that a rollback can be written on a full disk"
                        : "given up: the disk was full; free some space and restart"
                ),
            ]
            + (view.notices ?? [])
            // What stands above every page is not said again.
            .filter { context.readOnly == nil || $0.weight != .readOnly }
            .map { Fact("Data folder", $0.sentence) }
    }

    private static func verdict(
        _ view: OnCallView,
        worst: [HealthRow],
        open: [IncidentRow],
        openCount: Int
    ) -> (StatusBadge, HTMLText) {
        if let first = worst.first {
            let others = worst.count - 1
            let more = others > 0 ? ", and \(NumberText.count(others, "other channel"))" : ""
            return (
                first.state.badge,
                "It is us: \(first.model)@\(first.channel) r\(first.release) is \(first.state.rawValue)\(more)"
            )
        }
        if view.channels.isEmpty { return (HealthRow.State.unknown.badge, "Nothing is live") }
        let known = view.channels.filter(\.state.isKnown), rest = view.channels.filter { !$0.state.isKnown }
        // The worst of what is not known first: what used to come and does not is more than a channel nobody uses.
        let quiet = rest.first { $0.state == .missingTraffic } ?? rest.first { $0.state == .noTraffic } ?? rest.first
        let silence = quiet.map { row in
            "\(row.model)@\(row.channel): \(row.words)"
                + (rest.count > 1 ? ", and \(NumberText.count(rest.count - 1, "other channel")) not known" : "")
        }
        if known.isEmpty, let quiet, let silence { return (quiet.state.badge, "Cannot say. \(silence)") }
        // Of those that are not in the list nobody said that they are of missing traffic.
        let incidents = openCount - open.count { $0.family == IncidentFamily.traffic.rawValue }
        if incidents > 0 {
            return (
                StatusBadge("▲", "open", .notice),
                "Nothing burns now; \(NumberText.count(incidents, "incident is", plural: "incidents are")) still open"
            )
        }
        if let quiet, let silence {
            return (
                quiet.state.badge,
                "Nothing burns in \(NumberText.count(known.count, "channel")) with traffic. Cannot say for the rest. \(silence)"
            )
        }
        return (HealthRow.State.healthy.badge, "It is not us: nothing burns")
    }

    private static func channel(_ health: HealthRow, moves: [ChannelMove], at: Timestamp, context: PageContext)
        -> Channel
    {
        let last = moves.first { $0.model == health.model && $0.channel == health.channel }
        let change = last.map { move in
            let from = move.from.map { "r\($0) → " } ?? ""
            let age = NumberText.duration(max(0, at.seconds(since: move.at)).rounded())
            return "\(from)r\(move.to) \(move.how.words) by \(move.by), \(age) ago"
        }
        return Channel(
            name: Link("\(health.model)@\(health.channel)", .model(health.model)),
            release: Link("r\(health.release)", .release(ReleaseID(health.model, health.release))),
            health: HealthCells(health),
            change: HTMLText(change ?? "unknown"),
            rollback: Link(rollbackOf: health, context: context),
            noRollback: health.rollbackTo == nil && context.may(.rollBack)
                ? "No release to go back to: r\(health.release) is the only one that was live there, or those before it were rejected."
                : nil,
            rollout: health.rollout.map { RolloutLine($0) },
            hold: health.hold.map { HoldLine($0, context: context) }
        )
    }
}

/// How a channel does, in the cells of a table and on the page for people on call.
struct HealthCells: Hashable, Sendable {
    let badge: StatusBadge
    /// What it does, beyond the badge.
    let words: HTMLText?
    let rate: HTMLText
    let slow: HTMLText
    /// The median and the 95 % quantile; one word when nothing is known.
    let times: HTMLText
    let spark: TrendLine?
    let failed: HTMLText
    let meter: Meter?
    let budget: HTMLText
    let slo: Link?
    /// How fast it is used; nil when that is unknown.
    let burn: HTMLText?

    init(_ health: HealthRow) {
        badge = health.state.badge
        words = badge.beyond(health.words)
        rate = HTMLText(NumberText.known(health.requestsPerSecond) { NumberText.rate($0) + " requests/s" })
        slow = HTMLText(NumberText.known(health.p95Seconds, NumberText.duration))
        times =
            health.p50Seconds == nil && health.p95Seconds == nil
            ? HTMLText(NumberText.unknown)
            : "\(NumberText.known(health.p50Seconds, NumberText.duration)) and \(NumberText.known(health.p95Seconds, NumberText.duration))"
        spark = TrendLine(health.p95History, what: "95 % quantile by minute, 30 minutes", words: NumberText.duration)
        failed = HTMLText(NumberText.known(health.errorShare, NumberText.share))
        meter = Meter(budgetLeft: health.budgetLeft)
        budget = HTMLText(NumberText.known(health.budgetLeft, NumberText.budget))
        slo = health.budgetSLO.map { Link($0.text, .slo($0, of: health.model)) }
        burn = health.burnFast.map { HTMLText(NumberText.burn($0)) }
    }
}

extension HealthRow.State {
    /// Whether anything is known of it.
    var isKnown: Bool {
        switch self {
        case .healthy, .watching, .burning, .failing: true
        case .unknown, .noTraffic, .missingTraffic: false
        }
    }

    /// How a channel does.
    var badge: StatusBadge {
        switch self {
        case .healthy: StatusBadge("✔", "healthy", .ok)
        case .watching: StatusBadge("◷", "watching", .info)
        case .burning: StatusBadge("▲", "burning", .notice)
        case .failing: StatusBadge("✖", "failing", .bad)
        case .unknown: StatusBadge("?", "unknown", .off)
        case .noTraffic: StatusBadge("?", "no traffic", .off)
        case .missingTraffic: StatusBadge("?", "missing traffic", .notice)
        }
    }
}
