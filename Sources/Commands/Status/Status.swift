import ArgumentParser
import Foundation
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin status`
struct Status: Verb {
    static let configuration = CommandConfiguration.verb(
        "status",
        "What is live, how healthy, what waits, what moved.",
        discussion: """
            With --exit-code exits 10 when a channel burns or fails, or an incident pages; silence is neither. With --at \
            says what was live then, in the log: health is of now, and not said.
            """,
        examples: "status",
        "status ticket-bot -w",
        "status --exit-code -q > /dev/null",
        "status --at 2026-11-21T10:00Z"
    )

    @Argument(help: ArgumentHelp("Only this model.", valueName: "model"))
    var model: String?

    @Flag(name: .shortAndLong, help: "Look again and again; without a terminal, one line per change.")
    var watch = false

    @OptionGroup var pace: WatchPace

    @Flag(help: "Exit 10 when something burns, fails or pages.")
    var exitCode = false

    @Option(help: ArgumentHelp("What was live then: 2h ago, 2026-11-21 or 2026-11-21T10:00Z.", valueName: "time"))
    var at: String?

    @OptionGroup var global: GlobalOptions

    static let limitsRows = true

    mutating func validate() throws {
        if at != nil, watch || exitCode {
            throw ValidationError("--at looks into the log: it excludes --watch and --exit-code.")
        }
        if watch && exitCode { throw ValidationError("--watch and --exit-code exclude each other.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let model = try model.asName()
        if let at { return try await then(at, model, session) }
        let names: (StatusView) -> [String] = { view in
            view.models.filter { model == nil || $0.name == model }.flatMap {
                $0.channels.map { "\($0.model)@\($0.channel)" }
            }
        }
        guard watch else {
            let view = try await read(model, session)
            if model == nil, !session.printer.format.isForPrograms, let note = Self.leftOut(view) {
                session.printer.talk(note)
            }
            try session.show(view, kind: "Status", names: names(view), StatusOutput.show(view, model: model))
            session.talkAddress("page", model.map(PagePath.model) ?? .overview)
            return exitCode ? Self.exit(view, model: model) : .ok
        }
        let showing = Following.Showing<StatusView>(
            kind: "Status",
            names: names,
            report: { StatusOutput.show($0, model: model) },
            changes: { StatusChanges.lines(from: $0, to: $1, model: model) },
            moment: \.at,
            end: { _ in nil }
        )
        return try await Following(session: session, everySeconds: pace.seconds).follow(showing) {
            try await read(model, session)
        }
    }

    /// What was live at a moment.
    private func then(_ at: String, _ model: Name?, _ session: Session) async throws -> Exit {
        // The server knows its clock: the moment is refused there when it is to come.
        guard let moment = try TimeArgument.read(at, flag: "--at", now: Timestamp(Date())) else { return .ok }
        let view: PastStatusView = try await session.client.get(
            APIPath.pastStatus,
            [("at", "\(moment)"), ("model", model?.text)]
        )
        let names = view.channels.map { "\($0.move.model)@\($0.move.channel)" }
        try session.show(view, kind: "PastStatus", names: names, StatusOutput.past(view))
        session.talkAddress("page", .audit)
        return .ok
    }

    private func read(_ model: Name?, _ session: Session) async throws -> StatusView {
        if let model { return try await session.client.get(APIPath.status, [("model", model.text)]) }
        let limit = session.settings.limit == 0 ? Int.max : session.settings.limit
        let view = try await parts(upTo: limit, onlyLive: false, session)
        guard view.next != nil else { return view }
        // Of more models than are shown, those with a channel are what is asked about; an older server knows no such part.
        let live = try? await parts(upTo: limit, onlyLive: true, session)
        return live.flatMap { $0.models.isEmpty ? nil : $0 } ?? view
    }

    private func parts(upTo limit: Int, onlyLive: Bool, _ session: Session) async throws -> StatusView {
        let live: [(name: String, value: String?)] = onlyLive ? [("served", "yes")] : []
        var view: StatusView = try await session.client.get(
            APIPath.status,
            live + [("limit", String(min(ListLimit.max, limit)))]
        )
        while let next = view.next, view.models.count < limit {
            let more: StatusView = try await session.client.get(
                APIPath.status,
                live + [("after", next), ("limit", String(min(ListLimit.max, limit - view.models.count)))]
            )
            guard !more.models.isEmpty else { break }
            view = view.followed(by: more)
        }
        return view
    }

    /// That not all models are shown, and which; nil when all are.
    static func leftOut(_ view: StatusView) -> String? {
        guard let count = view.modelCount, view.models.count < count else { return nil }
        let shown = "\(NumberText.count(view.models.count)) of \(NumberText.count(count, "model"))"
        return shown + (view.next == nil ? "; the others have no channel" : "") + "; --limit 0 for all"
    }

    /// Whether somebody should look now. What is unknown is not bad.
    static func exit(_ view: StatusView, model: Name?) -> Exit {
        let isIll = view.health.contains {
            (model == nil || $0.model == model) && ($0.state == .burning || $0.state == .failing)
        }
        let pages = view.incidents.contains {
            (model == nil || $0.model == model) && $0.closedAt == nil && $0.severity == "page"
        }
        return isIll || pages ? .checkFailed : .ok
    }
}

/// What is new since the status was read before: one line each.
enum StatusChanges {
    /// Moves, settled releases, rollouts, health, holds, canaries and incidents, of one model when named.
    static func lines(from old: StatusView?, to new: StatusView, model: Name?) -> [String] {
        func isMeant(_ name: Name) -> Bool { model == nil || name == model }
        return channels(old, new).filter { isMeant($0.model) }.map(\.line)
            + health(old, new).filter { isMeant($0.model) }.map(\.line)
            + canaries(old, new).filter { isMeant($0.model) }.map(\.line)
            + incidents(old, new).filter { isMeant($0.model) }.map(\.line)
    }

    private typealias Change = (model: Name, line: String)

    private static func channels(_ old: StatusView?, _ new: StatusView) -> [Change] {
        let before = old?.models.flatMap(\.channels) ?? []
        return new.models.flatMap(\.channels).compactMap { channel in
            let was = before.first { $0.model == channel.model && $0.channel == channel.channel }
            let name = "\(channel.model)@\(channel.channel)"
            if was?.release != channel.release || was?.move.seq != channel.move.seq {
                let from = was.map { "r\($0.release) → " } ?? ""
                let how = old == nil ? "" : ", \(ModelOutput.moveState(channel.move).text)"
                let why = old == nil ? "" : channel.move.reason.map { ": \($0)" } ?? ""
                return (channel.model, "\(name): \(from)r\(channel.release)\(how)\(why)")
            }
            if channel.move.settled, was?.move.settled == false {
                return (channel.model, "\(name): \(StatusCell.pass("r\(channel.release) settled").text)")
            }
            return nil
        }
    }

    private static func health(_ old: StatusView?, _ new: StatusView) -> [Change] {
        new.health.flatMap { row -> [Change] in
            let was = old?.health.first { $0.model == row.model && $0.channel == row.channel }
            let name = "\(row.model)@\(row.channel)"
            var lines: [String] = []
            if was?.state != row.state { lines.append("\(name): \(StatusOutput.health(row.state).text), \(row.words)") }
            if let rollout = row.rollout, rollout.id != was?.rollout?.id {
                lines.append(
                    "\(name): \(StatusCell.running("\(rollout.id)").text) r\(rollout.release), \(rollout.words)"
                )
            }
            if let ended = was?.rollout, row.rollout?.id != ended.id {
                lines.append("\(name): \(ended.id) ended, \(NextStep.rolloutShow(ended.id))")
            }
            if let hold = row.hold, was?.hold?.since != hold.since {
                lines.append("\(name): \(StatusCell.notice("held").text), \(hold.reason)")
            }
            if was?.hold != nil, row.hold == nil {
                lines.append("\(name): \(StatusCell.pass("the hold is lifted").text)")
            }
            return lines.map { (row.model, $0) }
        }
    }

    private static func canaries(_ old: StatusView?, _ new: StatusView) -> [Change] {
        new.models.compactMap { now in
            let was = old?.models.first { $0.name == now.name }?.lastCanary
            guard let canary = now.lastCanary, canary.id != was?.id || canary.state != was?.state else { return nil }
            let state = ReportWords.canary(canary).text
            return (now.name, "\(canary.id): \(state)  \(canary.candidate) against r\(canary.baseline.number)")
        }
    }

    private static func incidents(_ old: StatusView?, _ new: StatusView) -> [Change] {
        let before = old?.incidents ?? []
        let opened: [Change] = new.incidents
            .filter { row in !before.contains { $0.id == row.id && $0.severity == row.severity } }
            .map { ($0.model, "\($0.id): \(IncidentOutput.severity($0).text)  \($0.title)") }
        let closed: [Change] = before.filter { row in !new.incidents.contains { $0.id == row.id } }
            .map { ($0.model, "\($0.id): \(StatusCell.pass("closed").text)") }
        return opened.reversed() + closed
    }
}
