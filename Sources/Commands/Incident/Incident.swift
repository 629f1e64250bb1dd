import ArgumentParser
import RegistryTypes
import WireFormat
import Wording

/// `serin incident`
struct IncidentGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "incident",
        "What went wrong, what changed before, what was done.",
        [IncidentList.self, IncidentShow.self, IncidentNoteVerb.self, IncidentCloseVerb.self, IncidentExport.self]
    )
}

/// `serin incident list`
struct IncidentList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List incidents, newest first.",
        examples: "incident list --open",
        "incident list --model ticket-bot -o name"
    )

    @Flag(help: "Only open ones.") var open = false
    @Option(help: ArgumentHelp("Only of this model.", valueName: "model")) var model: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "IncidentList"
    var empty: Advice { open ? "no incident is open" : "no incident yet" }
    var page: PagePath? { .incidents(of: try? model.asName()) }

    func ask(_ session: Session) async throws -> ListAnswer<IncidentRow> {
        try await session.pages(
            APIPath.incidents,
            [("model", try model.asName()?.text), ("open", open ? "yes" : nil)]
        )
    }

    func name(of row: IncidentRow) -> String { row.id.description }
    func report(_ rows: [IncidentRow], now: Timestamp) -> Report { IncidentOutput.list(rows, now: now) }
}

/// A verb that shows an incident, or what was just done to it.
protocol IncidentVerb: ShowVerb where Shown == IncidentView {
    /// An incident, such as i-12.
    var id: String { get }
}

extension IncidentVerb {
    static var kind: String { "Incident" }
    func name(of view: IncidentView) -> String { view.row.id.description }
    func page(of view: IncidentView) -> PagePath? { .incident(view.row.id) }
}

/// `serin incident show`
struct IncidentShow: IncidentVerb {
    static let configuration = CommandConfiguration.verb(
        "show",
        "Show an incident: cause, what changed before, timeline, samples.",
        examples: "incident show i-12",
        "incident show i-12 -o wide"
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @OptionGroup var global: GlobalOptions

    func ask(_ session: Session) async throws -> IncidentView {
        try await session.client.get(APIPath.incident(IncidentID(text: id)))
    }

    func report(_ view: IncidentView, now: Timestamp) -> Report { IncidentOutput.show(view) }
}

/// `serin incident note`
struct IncidentNoteVerb: IncidentVerb {
    static let configuration = CommandConfiguration.verb(
        "note",
        "Write a remark into the timeline of an incident.",
        examples: "incident note i-12 \"same as in canary c-2: scales are lost\""
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @Argument(help: ArgumentHelp("The remark.", valueName: "text")) var text: String
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if text.allSatisfy(\.isWhitespace) { throw ValidationError("The remark must not be empty.") }
    }

    func ask(_ session: Session) async throws -> IncidentView {
        try await session.client.post(APIPath.incidentNotes(IncidentID(text: id)), NoteRequest(text: text))
    }

    func report(_ view: IncidentView, now: Timestamp) -> Report {
        Report { $0.line(StatusCell.pass("noted in \(view.row.id)"), Cell("   \(text)")) }
    }
}

/// `serin incident close`
struct IncidentCloseVerb: IncidentVerb {
    static let configuration = CommandConfiguration.verb(
        "close",
        "Close an incident.",
        examples: "incident close i-12 --reason \"returned to r1; v2 will not come back\""
    )

    @Argument(help: ArgumentHelp("An incident, such as i-12.", valueName: "id")) var id: String
    @Option(help: ArgumentHelp("How it ended.", valueName: "text")) var reason: String
    @OptionGroup var global: GlobalOptions

    mutating func validate() throws {
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason TEXT must not be empty.") }
    }

    func ask(_ session: Session) async throws -> IncidentView {
        try await session.client.post(APIPath.closeIncident(IncidentID(text: id)), ReasonRequest(reason: reason))
    }

    func report(_ view: IncidentView, now: Timestamp) -> Report {
        let row = view.row
        let lasted = row.closedAt.map { NumberText.duration(max(0, $0.seconds(since: row.openedAt))) }
        if let note = view.note { return Report { $0.line(StatusCell.notice(note)) } }
        return Report {
            $0.line(StatusCell.pass("\(row.id) is closed"), Cell(lasted.map { "   open for \($0)" } ?? ""))
        }
    }

    func next(after view: IncidentView) -> Advice? { "\(.incidentExport(view.row.id, toFile: true))" }
}

/// `serin incident export`
struct IncidentExport: Verb {
    static let configuration = CommandConfiguration.verb(
        "export",
        "Write an incident as Markdown, to begin a post-mortem with.",
        discussion: """
            Markdown unless -o says json or yaml; what was asked and answered is not in it, only the requests' ids.
            """,
        examples: "incident export i-12 > i-12.md",
        "incident export i-12 -o json > i-12.json"
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
