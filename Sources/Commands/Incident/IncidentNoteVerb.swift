import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin incident note`
struct IncidentNoteVerb: Verb {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Write a remark into the timeline of an incident.",
        discussion: """
            Examples:
              serin incident note i-12 "same as in canary c-2: scales are lost"
            """
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @Argument(help: ArgumentHelp("The remark.", valueName: "text")) var text: String
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if text.allSatisfy(\.isWhitespace) { throw ValidationError("The remark must not be empty.") }
    }

    func run(_ session: Session) async throws -> Exit {
        let view: IncidentView = try await session.client.post(
            APIPath.incidentNotes(IncidentID(text: id)),
            NoteRequest(text: text)
        )
        try session.show(
            view,
            kind: "Incident",
            names: [view.row.id.description],
            Report { $0.line(StatusCell.pass("noted in \(view.row.id)"), Cell("   \(text)")) }
        )
        session.talkAddress("page", .incident(view.row.id))
        return .ok
    }
}
