import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin prompt list`
struct PromptList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the prompts.",
        discussion: """
            Examples:
              serin prompt list
            """,
        aliases: ["ls"]
    )

    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<PromptSummary> = try await session.list(APIPath.prompts)
        try session.showList(
            answer,
            kind: "PromptList",
            names: \.latest.id.description,
            empty: "no prompt yet: serin prompt push FILE"
        ) { .prompts($0, now: session.printer.style.now) }
        return .ok
    }
}
