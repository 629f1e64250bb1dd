import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin rollout`
struct RolloutGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "rollout",
        "What became of promotions: watched, settled, or returned.",
        [RolloutList.self, RolloutShow.self, RolloutResume.self]
    )
}

/// `serin rollout list`
struct RolloutList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List rollouts, newest first.",
        examples: "rollout list",
        "rollout list ticket-bot --limit 5"
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "RolloutList"
    var empty: Advice { "no rollout yet: a promotion to a channel whose policy has a probation begins one" }
    var page: PagePath? { .rollouts(of: try? model.asName()) }

    func ask(_ session: Session) async throws -> ListAnswer<RolloutRow> {
        try await session.pages(APIPath.rollouts, [("model", try model.asName()?.text)])
    }

    func name(of row: RolloutRow) -> String { row.id.description }
    func report(_ rows: [RolloutRow], now: Timestamp) -> Report { RolloutOutput.list(rows, now: now) }
}

/// `serin rollout show`
struct RolloutShow: Verb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a rollout: triggers, what both releases answered, what became of it.",
        discussion: """
            With --watch looks until it ends and exits 0 when the release settled, 10 when it was taken back. A release that \
            nobody asks never settles: with --timeout the look ends, with exit 7.
            """,
        examples: "rollout show ro-7",
        "rollout show ro-7 -w --timeout 30m"
    )

    @Argument(help: ArgumentHelp("A rollout, such as ro-7.", valueName: "id")) var id: String
    @Flag(name: .shortAndLong, help: "Look until it ends; without a terminal, one line per change.") var watch = false
    @OptionGroup var pace: WatchPace
    @Option(help: ArgumentHelp("How long to look with --watch, such as 30m; then exit 7.", valueName: "time"))
    var timeout: WaitLimit?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let id = try RolloutID(text: id)
        let exit: Exit
        if watch {
            session.work.set(.init(what: "rollout \(id) goes on", next: "\(.rolloutShow(id))"))
            let showing = Following.Showing<RolloutView>(
                kind: "Rollout",
                names: { [$0.row.id.description] },
                report: { RolloutOutput.show($0) },
                changes: RolloutChanges.lines,
                moment: \.at,
                end: RolloutChanges.exit
            )
            let limit = timeout.map {
                Following.Limit(seconds: $0.seconds, what: "rollout \(id)", next: "\(.rolloutShow(id))")
            }
            exit = try await Following(session: session, everySeconds: pace.seconds, limit: limit).follow(showing) {
                try await session.client.get(APIPath.rollout(id))
            }
        } else {
            let view: RolloutView = try await session.client.get(APIPath.rollout(id))
            try session.show(view, kind: "Rollout", names: [id.description], RolloutOutput.show(view))
            exit = .ok
        }
        session.talkAddress("page", .rollout(id))
        return exit
    }
}

/// What is new about a rollout since it was looked at before.
enum RolloutChanges {
    /// One line for each thing that happened, each trigger that changed, and the end.
    static func lines(from old: RolloutView?, to new: RolloutView) -> [String] {
        var lines: [String] = []
        if old == nil { lines.append("\(new.row.id): \(new.row.model)@\(new.row.channel) r\(new.row.release)") }
        let known = Set(old?.timeline ?? [])
        lines += new.timeline.filter { !known.contains($0) }.map(\.text)
        for trigger in new.triggers {
            let was = old?.triggers.first { $0.trigger == trigger.trigger }
            if let was, was.state == trigger.state { continue }
            // That nothing fires is no news, nor that nothing is known at first.
            if was?.state ?? "unknown" == "unknown", ["quiet", "unknown"].contains(trigger.state) { continue }
            lines.append("\(trigger.trigger): \(trigger.state), \(trigger.words)")
        }
        if old?.row.state != new.row.state { lines.append("\(new.row.words): \(new.sentence)") }
        return lines
    }

    /// What to exit with; nil while it is watched. A newer promotion that came in between is no failure.
    static func exit(_ view: RolloutView) -> Exit? {
        switch RolloutState(rawValue: view.row.state) {
        case .probation: nil
        case .settled, .superseded: .ok
        case .returned, .rolledBack, .aborted: .checkFailed
        case nil: view.row.endedAt == nil ? nil : .ok
        }
    }
}

/// `serin rollout resume`
struct RolloutResume: Verb {
    static let configuration = CommandConfiguration.verb(
        "resume",
        "Lift the hold that the return of a release left on a channel.",
        discussion: """
            Lifting it promotes nothing: it says that the cause is understood, and lets the next promotion be decided.
            """,
        examples: "rollout resume ticket-bot --reason \"v2 lost its scales; v3 keeps them\"",
        "rollout resume ticket-bot --channel staging --reason \"load test\""
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("The channel.", valueName: "channel")) var channel = "production"
    @Option(help: ArgumentHelp("Why, for those who come after.", valueName: "text")) var reason: String
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason TEXT must not be empty.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let model = try session.model(model)
        let channel = try Name(channel)
        let hold: HoldRow = try await session.client.post(
            APIPath.resume(model, channel),
            ReasonRequest(reason: reason)
        )
        let name = "\(hold.model)@\(hold.channel)"
        let report = Report { report in
            report.line(StatusCell.pass("the hold on \(name) is lifted"))
            report.line(Cell("  it stood since \(TimeText.second(hold.since)): \(hold.reason)"))
        }
        try session.show(hold, kind: "Hold", names: [name], report)
        session.printer.next("\(.promote(to: channel))")
        if let rollout = hold.rollout { session.talkAddress("page", .rollout(rollout)) }
        return .ok
    }
}
