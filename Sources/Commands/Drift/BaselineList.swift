import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin drift baseline list`
struct BaselineList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the references of drift, newest first.",
        discussion: """
            Examples:
              serin drift baseline list
              serin drift baseline list ticket-bot
            """,
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<BaselineView> = try await session.list(
            APIPath.baselines,
            [("model", try model.map { try Name($0).text })]
        )
        try session.showList(
            answer,
            kind: "BaselineList",
            names: \.id,
            empty: "no reference yet: serin drift baseline set MODEL --since 2h"
        ) { .baselines($0, now: session.printer.style.now) }
        session.talkAddress("page", .drifts(of: nil))
        return .ok
    }
}
