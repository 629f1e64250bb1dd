import RegistryRecords
import RegistryTypes
import WireFormat

/// One screen for the person on call: is it us, since when, and where is the brake.
struct OnCallPage: Page {
    /// A channel with its brakes.
    struct Channel: Hashable, Sendable {
        let name: Link
        let release: Link
        let health: HealthCells
        let change: HTMLText
        let rollback: Link?
        let rollout: RolloutLine?
        let hold: HoldLine?
    }

    static let template = "oncall"
    let frame: Frame
    let mark: Mark
    let verdict: HTMLText
    let since: HTMLText
    let work: HTMLText
    let hasChannels: Bool
    let channels: [Channel]
    let hasIncidents: Bool
    let incidents: [IncidentLine]
    let hasMoves: Bool
    let moveTable: MoveTable
    let facts: [Fact]

    init(_ view: OnCallView, visit: Visit) {
        let open = view.incidents.filter { $0.closedAt == nil }
        let worst = view.channels.filter { $0.state == .failing || $0.state == .burning }
            .sorted { $0.state == .failing && $1.state != .failing }
        frame = Frame(
            worst.isEmpty && open.isEmpty ? "On call" : "▲ \(max(worst.count, open.count)) · On call",
            in: .onCall,
            command: "serin status -w",
            freshness: Frame.Freshness(newest: view.channels.compactMap(\.dataUntil).max()),
            visit: visit
        )
        (mark, verdict) = OnCallPage.verdict(view, worst: worst, open: open)
        let first = open.map(\.openedAt).min()
        since =
            first.map {
                "Since \(Moment($0).minute.html) UTC, \(Figures.duration(max(0, view.at.seconds(since: $0)))): the oldest open incident."
            } ?? "No incident is open."
        work =
            "\(Figures.count(view.active, "request is", plural: "requests are")) being answered, \(Figures.count(view.queue)) wait\(view.isDraining ? "; the server is shutting down" : "")."
        channels = view.channels.map { OnCallPage.channel($0, moves: view.moves, at: view.at, visit: visit) }
        hasChannels = !channels.isEmpty
        incidents = open.prefix(10).map { IncidentLine($0, now: view.at) }
        hasIncidents = !incidents.isEmpty
        moveTable = MoveTable(Array(view.moves.prefix(5)), caption: "Newest first")
        hasMoves = !view.moves.isEmpty
        facts = [
            Fact("Capture", CaptureWords.standing(view.capture)),
            Fact(
                "Reserve",
                view.reserveBytes > 0
                    ? "\(Figures.bytes(view.reserveBytes)) kept back, so that a rollback can be written on a full disk"
                    : "given up: the disk was full; free some space and restart"
            ),
        ]
    }

    private static func verdict(_ view: OnCallView, worst: [HealthRow], open: [IncidentRow]) -> (Mark, HTMLText) {
        if let first = worst.first {
            let others = worst.count - 1
            let more = others > 0 ? ", and \(Figures.count(others, "other channel"))" : ""
            return (
                Mark(first.state),
                "It is us: \(first.model)@\(first.channel) r\(first.release) is \(first.state.rawValue)\(more)"
            )
        }
        if view.channels.isEmpty { return (Mark(HealthRow.State.unknown), "Nothing is live") }
        if view.channels.allSatisfy({ $0.state == .unknown }) {
            return (Mark(HealthRow.State.unknown), "Cannot say: there is no traffic")
        }
        if !open.isEmpty {
            return (
                Mark("▲", "open", .notice),
                "Nothing burns now; \(Figures.count(open.count, "incident is", plural: "incidents are")) still open"
            )
        }
        return (Mark(HealthRow.State.healthy), "It is not us: nothing burns")
    }

    private static func channel(_ health: HealthRow, moves: [ChannelMove], at: Timestamp, visit: Visit) -> Channel {
        let last = moves.first { $0.model == health.model && $0.channel == health.channel }
        let change = last.map { move in
            let from = move.from.map { "r\($0) → " } ?? ""
            let age = Figures.duration(max(0, at.seconds(since: move.at)).rounded())
            return "\(from)r\(move.to) \(Words.how(move)) by \(move.by), \(age) ago"
        }
        return Channel(
            name: Link("\(health.model)@\(health.channel)", Href.model(health.model)),
            release: Link("r\(health.release)", Href.release(ReleaseID(health.model, health.release))),
            health: HealthCells(health),
            change: HTMLText(change ?? "unknown"),
            rollback: visit.may(.deploy) ? Link("Roll back…", Href.rollback(health.channel, of: health.model)) : nil,
            rollout: health.rollout.map { RolloutLine($0) },
            hold: health.hold.map { HoldLine($0, visit: visit) }
        )
    }
}
