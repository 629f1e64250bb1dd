import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin status`
struct Status: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What is live, how healthy, what waits, what moved.",
        discussion: """
            With --exit-code exits 10 when a channel burns or fails, or an incident pages.

            Examples:
              serin status
              serin status ticket-bot -w
              serin status --exit-code -q > /dev/null
            """
    )

    @Argument(help: ArgumentHelp("Only this model.", valueName: "model"))
    var model: String?

    @Flag(name: .shortAndLong, help: "Look again and again; without a terminal, one line per change.")
    var watch = false

    @OptionGroup var pace: WatchPace

    @Flag(help: "Exit 10 when something burns, fails or pages.")
    var exitCode = false

    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if watch && exitCode { throw ValidationError("--watch and --exit-code exclude each other.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let model = try model.asName()
        let names: (StatusView) -> [String] = { view in
            view.models.filter { model == nil || $0.name == model }.flatMap {
                $0.channels.map { "\($0.model)@\($0.channel)" }
            }
        }
        guard watch else {
            let view = try await read(model, session)
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

    private func read(_ model: Name?, _ session: Session) async throws -> StatusView {
        let view: StatusView = try await session.client.get(APIPath.status)
        if let model, !view.models.contains(where: { $0.name == model }) {
            let _: ModelView = try await session.client.get(APIPath.model(model))
        }
        return view
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
