import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin incident close`
struct IncidentCloseVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close an incident.",
        discussion: """
            Examples:
              serin incident close i-12 --reason "returned to r1; v2 will not come back"
            """
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("How it ended.", valueName: "text")) var reason: String
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason TEXT must not be empty.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let view: IncidentView = try await session.client.post(
            APIPath.closeIncident(IncidentID(text: id)),
            ReasonRequest(reason: reason)
        )
        let row = view.row
        let lasted = row.closedAt.map { "   open for \(NumberText.duration(max(0, $0.seconds(since: row.openedAt))))" }
        try session.show(
            view,
            kind: "Incident",
            names: [row.id.description],
            Report { $0.line(StatusCell.pass("\(row.id) is closed"), Cell(lasted ?? "")) }
        )
        session.printer.talk("next: serin incident export \(row.id) > \(row.id).md")
        session.talkAddress("page", .incident(row.id))
        return .ok
    }
}
