import ArgumentParser
import RegistryRecords
import WireFormat

/// `serin audit list`
struct AuditList: Verb {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List entries of the log, newest first.",
        discussion: """
            Examples:
              serin audit list
              serin audit list --kind channel.moved --subject ticket-bot@production
              serin audit list --limit 0 -o json > log.json
            """,
        aliases: ["ls"]
    )

    @Option(help: ArgumentHelp("Only this kind, such as channel.moved.", valueName: "kind")) var kind: String?
    @Option(help: ArgumentHelp("Only about this, such as ticket-bot@production.", valueName: "subject")) var subject:
        String?
    @OptionGroup var global: GlobalOptions

    func run(_ session: Session) async throws -> Exit {
        let answer: ListAnswer<Event> = try await session.pages(APIPath.audit, [("kind", kind), ("subject", subject)])
        try session.showList(
            answer,
            kind: "EventList",
            names: { String($0.seq) },
            empty: "no entry fits",
            report: Report.events
        )
        return .ok
    }
}
