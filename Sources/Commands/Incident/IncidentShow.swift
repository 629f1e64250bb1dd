import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin incident show`
struct IncidentShow: Verb {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an incident: cause, what changed before, timeline, samples.",
        discussion: """
            Examples:
              serin incident show i-12
              serin incident show i-12 -o wide
            """
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let view: IncidentView = try await session.client.get(APIPath.incident(IncidentID(text: id)))
        try session.show(view, kind: "Incident", names: [view.row.id.description], .incident(view))
        session.talkAddress("page", .incident(view.row.id))
        return .ok
    }
}
