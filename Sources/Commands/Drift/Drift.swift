import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin drift`
struct DriftGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "drift",
        "Whether the traffic or the answers moved away from what they were.",
        [DriftRun.self, DriftList.self, DriftShow.self, BaselineGroup.self]
    )
}

/// `serin drift list`
struct DriftList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List drift reports, newest first.",
        examples: "drift list",
        "drift list ticket-bot --limit 5"
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "DriftList"
    var empty: Advice { "no drift report yet: \(.driftRun())" }
    var page: PagePath? { .drifts(of: try? model.asName()) }

    func ask(_ session: Session) async throws -> ListAnswer<DriftRow> {
        try await session.pages(APIPath.driftReports, [("model", try model.asName()?.text)])
    }

    func name(of row: DriftRow) -> String { row.id.description }
    func report(_ rows: [DriftRow], now: Timestamp) -> Report { DriftOutput.list(rows, now: now) }
}

/// `serin drift show`
struct DriftShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a drift report; exits 0 whatever it found.",
        examples: "drift show d-88",
        "drift show d-88 -o wide"
    )

    @Argument(help: ArgumentHelp("A drift report, such as d-88.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Drift"
    static let pageLabel = "report"

    func ask(_ session: Session) async throws -> DriftView {
        try await session.client.get(APIPath.drift(DriftID(text: id)))
    }

    func name(of view: DriftView) -> String { view.row.id.description }
    func report(_ view: DriftView, now: Timestamp) -> Report { DriftOutput.show(view) }
    func page(of view: DriftView) -> PagePath? { .drift(view.row.id) }
}

/// `serin drift run`
struct DriftRun: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "run",
        "Compare a window of traffic with the reference.",
        discussion: """
            Exits 0 when it is stable or changed by little, 10 when somebody should look, 11 while there is too \
            little to say.
            """,
        examples: "drift run ticket-bot",
        "drift run ticket-bot --window 15min --against b-3",
        "drift run ticket-bot --window 24h --until 2026-11-20 -o json"
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("How long the window is. (default: 24h)", valueName: "time")) var window: WaitLimit?
    @Option(help: ArgumentHelp("Its end: 2h, 2026-11-21 or RFC 3339. (default: now)", valueName: "time"))
    var until: String?
    @Option(help: ArgumentHelp("A reference, such as b-3. (default: the newest)", valueName: "id")) var against: String?
    @Option(help: ArgumentHelp("The channel.", valueName: "channel")) var channel = "production"
    @OptionGroup var global: GlobalOptions

    static let kind = "Drift"
    static let pageLabel = "report"

    func ask(_ session: Session) async throws -> DriftView {
        let request = DriftRequest(
            model: try session.model(model),
            channel: try Name(channel),
            windowSeconds: window?.seconds,
            until: try TimeArgument.read(until, flag: "--until", now: session.printer.style.now),
            against: try against.map { try BaselineID(text: $0).description }
        )
        return try await session.client.post(APIPath.driftReports, request)
    }

    func name(of view: DriftView) -> String { view.row.id.description }
    func report(_ view: DriftView, now: Timestamp) -> Report { DriftOutput.show(view) }
    func page(of view: DriftView) -> PagePath? { .drift(view.row.id) }
    func exit(after view: DriftView) -> Exit { Self.exit(view.row) }

    /// What a verdict means for a script; one this build does not know is no pass.
    static func exit(_ row: DriftRow) -> Exit {
        switch DriftVerdict(rawValue: row.verdict) {
        case .some(.none), .changed: .ok
        case .ticket, .page: .checkFailed
        case .learning, .unknown, nil: .inconclusive
        }
    }
}
