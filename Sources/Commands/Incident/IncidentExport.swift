import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin incident export`
struct IncidentExport: Verb {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write an incident as Markdown, to begin a post-mortem with.",
        discussion: """
            Markdown unless -o says json or yaml; what was asked and answered is not in it, only the requests' ids.

            Examples:
              serin incident export i-12 > i-12.md
              serin incident export i-12 -o json > i-12.json
            """
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    static var writesMarkdown: Bool { true }

    func run(_ session: Session) async throws -> Exit {
        let view: IncidentView = try await session.client.get(APIPath.incident(IncidentID(text: id)))
        if session.printer.format.isForPrograms || session.printer.format == .name {
            try session.show(view, kind: "Incident", names: [view.row.id.description], Report())
        } else {
            Streams.out(IncidentMarkdown.text(view))
        }
        session.talkAddress("page", .incident(view.row.id))
        return .ok
    }
}
