import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin release list`
struct ReleaseList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the releases of a model, newest first.",
        discussion: """
            Examples:
              serin release list ticket-bot
            """,
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<ReleaseRecord> = try await session.list(APIPath.releases(session.model(model)))
        try session.showList(
            answer,
            kind: "ReleaseList",
            names: \.id.description,
            empty: "no release yet: serin promote REF --to CHANNEL"
        ) {
            .releases($0, now: session.printer.style.now)
        }
        return .ok
    }
}
