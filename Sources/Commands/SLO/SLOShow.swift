import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin slo show`
struct SLOShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an SLO of a model: budget, burn, alerts, which release spent it.",
        discussion: """
            Examples:
              serin slo show availability
              serin slo show availability --model ticket-bot
            """
    )

    @Argument(help: ArgumentHelp("The SLO.", valueName: "name")) var name: String
    @OptionGroup var which: SLOOptions
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view = try await which.read(name, session)
        try session.show(view, kind: "SLO", names: [view.row.name.text], .slo(view))
        session.printer.talk("next: serin slo explain \(view.row.name) --model \(view.row.model)")
        session.talkAddress("page", .slo(view.row.name, of: view.row.model))
        return .ok
    }
}
