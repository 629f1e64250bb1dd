import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin model`
struct ModelGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "model",
        "The models and their versions.",
        [ModelList.self, ModelShow.self, ModelVersions.self, ModelPull.self]
    )
}

/// `serin model list`
struct ModelList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List the models.",
        examples: "model list",
        "model list -o name"
    )

    @OptionGroup var global: GlobalOptions

    static let kind = "ModelList"
    var empty: Advice { "no model yet: \(.publish(.weights))" }

    func ask(_ session: Session) async throws -> ListAnswer<ModelSummary> {
        try await session.pages(APIPath.models, by: .name)
    }
    func name(of model: ModelSummary) -> String { model.name.text }
    func report(_ models: [ModelSummary], now: Timestamp) -> Report { ModelOutput.list(models) }
}

/// `serin model show`
struct ModelShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a model: its channels, versions and canaries.",
        examples: "model show ticket-bot"
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "Model"

    func ask(_ session: Session) async throws -> ModelView {
        try await session.client.get(APIPath.model(session.model(model)))
    }

    func name(of view: ModelView) -> String { view.name.text }
    func report(_ view: ModelView, now: Timestamp) -> Report { ModelOutput.show(view, now: now) }
    func page(of view: ModelView) -> PagePath? { .model(view.name) }
}

/// `serin model versions`
struct ModelVersions: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "versions",
        "List the versions of a model, newest first.",
        examples: "model versions ticket-bot",
        "model versions ticket-bot -o json"
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "VersionList"
    var empty: Advice { "no version yet" }

    func ask(_ session: Session) async throws -> ListAnswer<VersionRecord> {
        try await session.pages(APIPath.versions(session.model(model)))
    }

    func name(of version: VersionRecord) -> String { version.id.description }
    func report(_ versions: [VersionRecord], now: Timestamp) -> Report { VersionOutput.list(versions, now: now) }
}

/// What the verbs about models print.
enum ModelOutput {
    /// The models.
    static func list(_ models: [ModelSummary]) -> Report {
        // Only where somebody gave one: a column of dashes says nothing.
        let areNamed = models.contains { $0.displayName != nil }
        var table = Table(
            .text(areNamed ? "MODEL (KNOWN AS)" : "MODEL"),
            .text("LIVE"),
            .text("LATEST"),
            .figure("VERSIONS"),
            .figure("SIZE"),
            .text("LAST CANARY"),
            .wide("PUBLISHED")
        )
        for model in models {
            let live = model.channels.map { "\($0.channel) r\($0.release)" }.joined(separator: ", ")
            table.row(
                Cell(model.name.text + (model.displayName.map { " (\($0))" } ?? "")),
                Cell(live.isEmpty ? "-" : live),
                latest(model.latest),
                Cell(String(model.versions)),
                Cell(model.latest.map { NumberText.bytes($0.manifest.sizeBytes) } ?? "-"),
                model.lastCanary.map { canary in
                    let state = ReportWords.canary(canary)
                    return Cell("\(state.text)  \(canary.id) of r\(canary.candidate.number)", state.tone)
                } ?? .nothing,
                Cell(model.latest.map { TimeText.second($0.publishedAt) } ?? "-")
            )
        }
        return Report { $0.table(table) }
    }

    /// The newest version, with a mark where it cannot be run here.
    private static func latest(_ version: VersionRecord?) -> Cell {
        guard let version else { return .nothing }
        return version.obstacles.isEmpty
            ? Cell("@\(version.id.number)") : StatusCell.notice("@\(version.id.number) cannot be run here")
    }

    /// All about a model.
    static func show(_ view: ModelView, now: Timestamp) -> Report {
        Report { report in
            report.line(Cell(view.name.text, .strong), Cell(view.displayName.map { "  known as \($0)" } ?? ""))
            var channels = Table(
                .text("CHANNEL"),
                .text("RELEASE"),
                .text("WHAT"),
                .text("SINCE"),
                .text("STATE"),
                .text("ROLLBACK TO"),
                indent: 2
            )
            for channel in view.channels {
                channels.row(
                    Cell(channel.record.channel.text),
                    Cell("r\(channel.record.release)"),
                    Cell(ReportWords.what(channel.release.content)),
                    Cell(NumberText.elapsed(now.seconds(since: channel.record.move.at))),
                    moveState(channel.record.move),
                    Cell(rollback(channel.record))
                )
            }
            if view.channels.isEmpty { report.line("  no channel points to it yet") }
            report.table(channels)
            report.blank()
            report.add(VersionOutput.list(Array(view.versions.prefix(10)), now: now))
            if !view.canaries.isEmpty {
                report.blank()
                report.add(CanaryOutput.list(Array(view.canaries.prefix(5)), now: now))
            }
        }
    }

    /// Where a rollback of a channel goes.
    static func rollback(_ channel: ChannelRecord) -> String {
        if let target = channel.rollbackTo { return "r\(target)" }
        return channel.rollbackToUnsettled.map { "r\($0), which did not settle" } ?? "-"
    }

    /// How a channel came to its release, as a cell.
    static func moveState(_ move: ChannelMove) -> Cell {
        switch move.how {
        case .promoted: move.settled ? StatusCell.pass("settled") : StatusCell.running("unsettled")
        case .overridden: StatusCell.notice("override")
        case .rolledBack: StatusCell.pass("rolled back")
        case .returned: StatusCell.notice("returned")
        }
    }

    /// Moves of channels, newest first.
    static func moves(_ moves: [ChannelMove]) -> Table {
        var table = Table(
            .text("TIME"),
            .text("CHANNEL"),
            .text("MOVE"),
            .text("HOW"),
            .text("BY"),
            .long("WHY"),
            indent: 2
        )
        for move in moves {
            let why = [move.decision?.description, move.reason].compactMap { $0 }.joined(separator: ", ")
            table.row(
                Cell(TimeText.second(move.at)),
                Cell("\(move.model)@\(move.channel)"),
                Cell("\(move.from.map { "r\($0) → " } ?? "")r\(move.to)"),
                moveState(move),
                Cell(move.by),
                Cell(why)
            )
        }
        return table
    }
}
