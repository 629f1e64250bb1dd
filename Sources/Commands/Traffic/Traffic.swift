import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin traffic`
struct TrafficGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "traffic",
        "Frozen sets of requests, with or without expected answers.",
        [TrafficImportVerb.self, TrafficFreeze.self, TrafficList.self, TrafficShow.self, TrafficExport.self]
    )
}

/// `serin traffic list`
struct TrafficList: ListVerb {
    static let configuration = CommandConfiguration.verb("list", "List the traffic sets.", examples: "traffic list")

    @OptionGroup var global: GlobalOptions

    static let kind = "TrafficList"
    var empty: Advice { "no traffic set yet: \(.trafficImport()), or: \(.trafficFreeze())" }

    func ask(_ session: Session) async throws -> ListAnswer<TrafficRecord> {
        try await session.pages(APIPath.trafficSets, by: .name)
    }

    func name(of set: TrafficRecord) -> String { set.name.text }
    func report(_ sets: [TrafficRecord], now: Timestamp) -> Report { TrafficOutput.list(sets, now: now) }
}

/// `serin traffic show`
struct TrafficShow: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show a traffic set: tags, first requests, canaries that used it.",
        examples: "traffic show week47"
    )

    @Argument(help: ArgumentHelp("The traffic set.", valueName: "set")) var name: String
    @OptionGroup var global: GlobalOptions

    static let kind = "Traffic"

    func ask(_ session: Session) async throws -> TrafficView {
        try await session.client.get(APIPath.traffic(Name(name)))
    }

    func name(of view: TrafficView) -> String { view.record.name.text }
    func report(_ view: TrafficView, now: Timestamp) -> Report { TrafficOutput.show(view, now: now) }
    func page(of view: TrafficView) -> PagePath? { .traffic(view.record.name) }
}

/// `serin traffic freeze`
struct TrafficFreeze: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "freeze",
        "Freeze captured requests as a traffic set, for canaries.",
        discussion: """
            Only requests whose texts were kept can be frozen. The same log, filters and seed give the same set. \
            A filter is release, version, channel, arm, source, outcome, key, labelled, correct, liked or valid: \
            serin help refs.
            """,
        examples: "traffic freeze monday --since 2h",
        "traffic freeze wrong --model ticket-bot --filter correct=no",
        "traffic freeze week47 --since 2026-11-16 --until 2026-11-23 --sample 500"
    )

    @Argument(help: ArgumentHelp("The name of the new set.", valueName: "name")) var name: String
    @Option(help: ArgumentHelp("Only of this model (SERIN_MODEL).", valueName: "model")) var model: String?
    @Option(help: ArgumentHelp("Not before: 2h, 2026-11-21 or RFC 3339.", valueName: "time")) var since: String?
    @Option(help: ArgumentHelp("Before.", valueName: "time")) var until: String?
    @Option(help: ArgumentHelp("Only requests with this value.", valueName: "key=value")) var filter: [String] = []
    @Option(help: ArgumentHelp("At most so many, drawn by the seed.", valueName: "n")) var sample: Int?
    @Option(help: ArgumentHelp("Which sample.", valueName: "n")) var seed: UInt64?
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if let sample, sample < 1 { throw ValidationError("--sample must be 1 or more.") }
    }

    static let kind = "FrozenTraffic"

    func ask(_ session: Session) async throws -> FreezeAnswer {
        let name = try Name(name)
        let range = try TimeArgument.range(since: since, until: until, now: session.printer.style.now)
        return try await session.client.post(
            APIPath.freeze(name),
            FreezeRequest(
                model: try (model ?? session.settings.model).asName(),
                since: range.since,
                until: range.until,
                filter: try KeyValues.read(filter, flag: "--filter", example: "--filter outcome=answered"),
                sample: sample,
                seed: seed
            )
        )
    }

    func name(of answer: FreezeAnswer) -> String { answer.record.name.text }
    func report(_ answer: FreezeAnswer, now: Timestamp) -> Report { TrafficOutput.frozen(answer) }
    func next(after answer: FreezeAnswer) -> Advice? { "\(.canaryRun(traffic: answer.record.name))" }
    func page(of answer: FreezeAnswer) -> PagePath? { .traffic(answer.record.name) }
}
