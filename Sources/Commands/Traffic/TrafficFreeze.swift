import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin traffic freeze`
struct TrafficFreeze: Verb {
    static let configuration = CommandConfiguration(
        commandName: "freeze",
        abstract: "Freeze captured requests as a traffic set, for canaries.",
        discussion: """
            Only requests whose texts were kept can be frozen. The same log, filters and seed give the same set. \
            A filter is release, version, channel, arm, source, outcome, key, labelled, correct, liked or valid: \
            serin help refs.

            Examples:
              serin traffic freeze monday --since 2h
              serin traffic freeze wrong --model ticket-bot --filter correct=no
              serin traffic freeze week47 --since 2026-11-16 --until 2026-11-23 --sample 500
            """
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

    func run(_ session: Session) async throws -> Exit {
        let name = try Name(name)
        let range = try TimeArgument.range(since: since, until: until, now: session.printer.style.now)
        let answer: FreezeAnswer = try await session.client.post(
            APIPath.freeze(name),
            FreezeRequest(
                model: try (model ?? session.settings.model).map { try Name($0) },
                since: range.since,
                until: range.until,
                filter: try KeyValues.read(filter, flag: "--filter", example: "--filter outcome=answered"),
                sample: sample,
                seed: seed
            )
        )
        try session.show(answer, kind: "FrozenTraffic", names: [answer.record.name.text], .frozen(answer))
        session.printer.talk("next: serin canary run REF --traffic \(answer.record.name)")
        session.talkAddress("page", .traffic(answer.record.name))
        return .ok
    }
}
