import ArgumentParser
import RegistryRecords
import RegistryTypes
import WireFormat

/// `serin eval list`
struct EvaluationList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List evaluations, newest first.",
        discussion: """
            Examples:
              serin eval list
              serin eval list ticket-bot
            """,
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<EvaluationRecord> = try await session.list(
            APIPath.evaluations,
            [("model", try model.map { try Name($0).text })]
        )
        try session.showList(
            answer,
            kind: "EvaluationList",
            names: \.id.description,
            empty: "no evaluation yet: serin eval run REF --suite SET"
        ) {
            .evaluations($0, now: session.printer.style.now)
        }
        return .ok
    }
}
