import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin drift baseline`
struct BaselineGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "baseline",
        "The stretches of traffic that drift is measured against.",
        [BaselineSet.self, BaselineList.self]
    )
}

/// `serin drift baseline list`
struct BaselineList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List the references of drift, newest first.",
        examples: "drift baseline list",
        "drift baseline list ticket-bot"
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "BaselineList"
    var empty: Advice { "no reference yet: \(.baselineSet(over: .lastHours(2)))" }
    var page: PagePath? { .drifts(of: try? model.asName()) }

    func ask(_ session: Session) async throws -> ListAnswer<BaselineView> {
        try await session.pages(APIPath.baselines, [("model", try model.asName()?.text)])
    }

    func name(of view: BaselineView) -> String { view.id }
    func report(_ views: [BaselineView], now: Timestamp) -> Report { DriftOutput.baselines(views, now: now) }
}

/// `serin drift baseline set`
struct BaselineSet: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "set",
        "Make a stretch of traffic the reference of a model.",
        examples: "drift baseline set ticket-bot --window 2026-11-01/7d",
        "drift baseline set ticket-bot --since 2h --until 1h --reason \"after v3\""
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("A start and a length, such as 2026-11-01/7d.", valueName: "start/length"))
    var window: String?
    @Option(help: ArgumentHelp("The start: 2h, 2026-11-21 or RFC 3339.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("The end. (default: now)", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("The channel.", valueName: "channel")) var channel = "production"
    @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String?
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if (window == nil) == (since == nil) {
            throw ValidationError("Name the stretch: --window START/LENGTH, or --since TIME and perhaps --until TIME.")
        }
        if window != nil && until != nil { throw ValidationError("--window and --until exclude each other.") }
    }

    /// The stretch the flags mean.
    func stretch(now: Timestamp) throws(CommandsError) -> (since: Timestamp, until: Timestamp) {
        if let window { return try TimeArgument.window(window, flag: "--window") }
        let range = try TimeArgument.range(since: since, until: until, now: now)
        let start = range.since ?? now, end = range.until ?? now
        guard start < end else {
            throw .badArgument(
                name: "--since",
                value: since ?? "",
                problem: "it is not before the end of the stretch",
                example: "--since 2h --until 1h"
            )
        }
        return (start, end)
    }

    static let kind = "Baseline"

    func ask(_ session: Session) async throws -> BaselineView {
        let model = try session.model(model)
        let stretch = try stretch(now: session.printer.style.now)
        return try await session.client.post(
            APIPath.baselines,
            BaselineRequest(
                model: model,
                channel: try Name(channel),
                since: stretch.since,
                until: stretch.until,
                reason: reason
            )
        )
    }

    func name(of view: BaselineView) -> String { view.id }
    func report(_ view: BaselineView, now: Timestamp) -> Report { DriftOutput.baseline(view) }
    func next(after view: BaselineView) -> Advice? { "\(.driftRun(view.model))" }
    func page(of view: BaselineView) -> PagePath? { .drifts(of: nil) }
}
