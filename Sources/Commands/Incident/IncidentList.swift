import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin incident list`
struct IncidentList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List incidents, newest first.",
        discussion: """
            Examples:
              serin incident list --open
              serin incident list --model ticket-bot -o name
            """,
        aliases: ["ls"]
    )

    @Flag(help: "Only open ones.") var open = false
    @Option(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<IncidentRow> = try await session.pages(
            APIPath.incidents,
            [("model", try model.map { try Name($0).text }), ("open", open ? "yes" : nil)]
        )
        try session.showList(
            answer,
            kind: "IncidentList",
            names: \.id.description,
            empty: open ? "no incident is open" : "no incident yet"
        ) { .incidents($0, now: session.printer.style.now) }
        session.talkAddress("page", .incidents(of: nil))
        return .ok
    }
}
