import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin drift run`
struct DriftRun: Verb {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Compare a window of traffic with the reference.",
        discussion: """
            Exits 0 when it is stable or changed by little, 10 when somebody should look, 11 while there is too \
            little to say.

            Examples:
              serin drift run ticket-bot
              serin drift run ticket-bot --window 15min --against b-3
              serin drift run ticket-bot --window 24h --until 2026-11-20 -o json
            """
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("How long the window is. (default: 24h)", valueName: "time")) var window: WaitLimit?
    @Option(help: ArgumentHelp("Its end: 2h, 2026-11-21 or RFC 3339. (default: now)", valueName: "time"))
    var until: String?
    @Option(help: ArgumentHelp("A reference, such as b-3. (default: the newest)", valueName: "id")) var against: String?
    @Option(help: ArgumentHelp("The channel.", valueName: "channel")) var channel = "production"
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let request = DriftRequest(
            model: try session.model(model),
            channel: try Name(channel),
            windowSeconds: window?.seconds,
            until: try TimeArgument.read(until, flag: "--until", now: session.printer.style.now),
            against: try against.map { try BaselineID(text: $0).description }
        )
        let view: DriftView = try await session.client.post(APIPath.driftReports, request)
        try session.show(view, kind: "Drift", names: [view.row.id.description], .drift(view))
        session.talkAddress("report", .drift(view.row.id))
        return Self.exit(view.row)
    }

    /// What a verdict means for a script; one this build does not know is no pass.
    static func exit(_ row: DriftRow) -> Exit {
        switch DriftVerdict(rawValue: row.verdict) {
        case .some(.none), .changed: .ok
        case .ticket, .page: .checkFailed
        case .learning, nil: .inconclusive
        }
    }
}
