import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin drift list`
struct DriftList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List drift reports, newest first.",
        discussion: """
            Examples:
              serin drift list
              serin drift list ticket-bot --limit 5
            """,
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<DriftRow> = try await session.pages(
            APIPath.driftReports,
            [("model", try model.map { try Name($0).text })]
        )
        try session.showList(
            answer,
            kind: "DriftList",
            names: \.id.description,
            empty: "no drift report yet: serin drift run MODEL"
        ) { .drifts($0, now: session.printer.style.now) }
        session.talkAddress("page", .drifts(of: nil))
        return .ok
    }
}
