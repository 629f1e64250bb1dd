import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin rollout list`
struct RolloutList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List rollouts, newest first.",
        discussion: """
            Examples:
              serin rollout list
              serin rollout list ticket-bot --limit 5
            """,
        aliases: ["ls"]
    )

    @Argument(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<RolloutRow> = try await session.pages(
            APIPath.rollouts,
            [("model", try model.map { try Name($0).text })]
        )
        try session.showList(
            answer,
            kind: "RolloutList",
            names: \.id.description,
            empty: "no rollout yet: a promotion to a channel whose policy has a probation begins one"
        ) { .rollouts($0, now: session.printer.style.now) }
        session.talkAddress("page", .rollouts(of: nil))
        return .ok
    }
}
