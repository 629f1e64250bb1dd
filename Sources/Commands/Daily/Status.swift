import ArgumentParser
import RegistryTypes
import WireFormat

/// `serin status`
struct Status: Verb {
    static let configuration = CommandConfiguration(
        abstract: "What is live, what runs, what moved.",
        discussion: """
            Examples:
              serin status
              serin status ticket-bot
              serin status ticket-bot -w
            """
    )

    @Argument(help: ArgumentHelp("Only this model.", valueName: "model"))
    var model: String?

    @Flag(name: .shortAndLong, help: "Look again and again; without a terminal, one line per change.")
    var watch = false

    @Option(help: ArgumentHelp("How often to look.", valueName: "time"))
    var every: WaitLimit?

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let model = try model.map { try Name($0) }
        guard watch else {
            let view = try await read(model, session)
            try session.show(view, kind: "Status", names: names(view, model), .status(view, model: model))
            session.talkAddress("page", model.map(PageAddress.model) ?? PageAddress.overview)
            return .ok
        }
        return try await follow(model, session)
    }

    private func read(_ model: Name?, _ session: Session) async throws -> StatusView {
        let view: StatusView = try await session.client.get(APIPath.status)
        if let model, !view.models.contains(where: { $0.name == model }) {
            let _: ModelView = try await session.client.get(APIPath.model(model))
        }
        return view
    }

    private func names(_ view: StatusView, _ model: Name?) -> [String] {
        view.models.filter { model == nil || $0.name == model }.flatMap {
            $0.channels.map { "\($0.model)@\($0.channel)" }
        }
    }

    private func follow(_ model: Name?, _ session: Session) async throws -> Exit {
        let redraws =
            session.environment.outputIsTerminal && session.environment["TERM"] != "dumb"
            && !session.printer.format.isForPrograms
        var known: StatusView?
        while true {
            let view = try await read(model, session)
            if redraws {
                Streams.out("\u{1b}[H\u{1b}[2J" + Report.status(view, model: model).text(session.printer.style))
            } else if session.printer.format.isForPrograms {
                if known?.head != view.head { try session.show(view, kind: "Status", .status(view, model: model)) }
            } else {
                for line in Self.changes(from: known, to: view, model: model) {
                    Streams.out(
                        Report { $0.line(Cell("\(Figures.time(view.at))  \(line)")) }.text(session.printer.style)
                    )
                }
            }
            known = view
            try await Task.sleep(for: .seconds(every?.seconds ?? 2))
        }
    }

    /// One line for each channel that points elsewhere than before, and each canary that began or ended.
    static func changes(from old: StatusView?, to new: StatusView, model: Name?) -> [String] {
        var lines: [String] = []
        let before = old?.models.flatMap(\.channels) ?? []
        for channel in new.models.flatMap(\.channels) where model == nil || channel.model == model {
            let was = before.first { $0.model == channel.model && $0.channel == channel.channel }
            if was?.release != channel.release {
                lines.append(
                    "\(channel.model)@\(channel.channel): \(was.map { "r\($0.release) → " } ?? "")r\(channel.release)"
                )
            }
        }
        for now in new.models where model == nil || now.name == model {
            let was = old?.models.first { $0.name == now.name }?.lastCanary
            if let canary = now.lastCanary, canary.id != was?.id || canary.state != was?.state {
                lines.append(
                    "\(canary.id): \(Words.canary(canary).text)  \(canary.candidate) against r\(canary.baseline.number)"
                )
            }
        }
        return lines
    }
}
