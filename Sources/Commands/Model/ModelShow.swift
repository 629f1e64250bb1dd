import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin model show`
struct ModelShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a model: its channels, versions and canaries.",
        discussion: """
            Examples:
              serin model show ticket-bot
            """
    )

    @Argument(help: ArgumentHelp("The model (SERIN_MODEL).", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: ModelView = try await session.client.get(APIPath.model(session.model(model)))
        try session.show(view, kind: "Model", names: [view.name.text], .model(view, now: session.printer.style.now))
        session.talkAddress("page", .model(view.name))
        return .ok
    }
}
