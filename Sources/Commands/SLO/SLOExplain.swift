import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin slo explain`
struct SLOExplain: Verb {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say how an SLO is counted, when it alarms, and what its budget decides.",
        discussion: """
            Examples:
              serin slo explain availability --model ticket-bot
            """
    )

    @Argument(help: ArgumentHelp("The SLO.", valueName: "name")) var name: String
    @OptionGroup var which: SLOOptions
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view = try await which.read(name, session)
        try session.show(view, kind: "SLO", names: [view.row.name.text], .sloExplained(view))
        session.talkAddress("page", .slo(view.row.name, of: view.row.model))
        return .ok
    }
}
