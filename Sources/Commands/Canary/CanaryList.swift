import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin canary list`
struct CanaryList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List canaries, newest first.",
        discussion: """
            Examples:
              serin canary list
              serin canary list ticket-bot --limit 5
            """,
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<CanaryRecord> = try await session.pages(
            APIPath.canaries,
            [("model", try model.map { try Name($0).text })]
        )
        try session.showList(
            answer,
            kind: "CanaryList",
            names: \.id.description,
            empty: "no canary yet: serin canary run REF"
        ) {
            .canaries($0, now: session.printer.style.now)
        }
        return .ok
    }
}
