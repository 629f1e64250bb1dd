import ArgumentParser
import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// `serin audit`
struct AuditGroup: ParsableCommand {
    static let configuration = CommandConfiguration.noun(
        "audit",
        "The log of all that happened.",
        [AuditList.self, AuditVerify.self]
    )
}

/// `serin audit list`
struct AuditList: ListVerb {
    static let configuration = CommandConfiguration.verb(
        "list",
        "List entries of the log, newest first.",
        examples: "audit list",
        "audit list --kind channel.moved --subject ticket-bot@production",
        "audit list --limit 0 -o json > log.json"
    )

    @Option(help: ArgumentHelp("Only this kind, such as channel.moved.", valueName: "kind")) var kind: String?
    @Option(help: ArgumentHelp("Only about this, such as ticket-bot@production.", valueName: "subject"))
    var subject: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "EventList"
    var empty: Advice { "no entry fits" }

    func ask(_ session: Session) async throws -> ListAnswer<Event> {
        try await session.pages(APIPath.audit, [("kind", kind), ("subject", subject)])
    }

    func name(of event: Event) -> String { String(event.seq) }
    func report(_ events: [Event], now: Timestamp) -> Report { AuditOutput.list(events) }
}

/// `serin audit verify`
struct AuditVerify: ShowVerb {
    static let configuration = CommandConfiguration.verb(
        "verify",
        "Recompute the hash chain of the log; exits 10 when it is broken.",
        examples: "audit verify"
    )

    @OptionGroup var global: GlobalOptions

    static let kind = "Chain"

    func ask(_ session: Session) async throws -> ChainView { try await session.client.get(APIPath.auditVerify) }
    func name(of chain: ChainView) -> String { chain.head }
    func report(_ chain: ChainView, now: Timestamp) -> Report { AuditOutput.chain(chain) }
    func exit(after chain: ChainView) -> Exit { chain.firstBadEvent == nil ? .ok : .checkFailed }
}

/// What the verbs about the log print.
enum AuditOutput {
    /// Entries of the log.
    static func list(_ events: [Event]) -> Report {
        var table = Table(
            .figure("#"),
            .text("TIME"),
            .text("WHO"),
            .text("WHAT"),
            .text("ABOUT"),
            .wide("HASH"),
            .wide("BODY")
        )
        for event in events {
            table.row(
                Cell(String(event.seq)),
                Cell(TimeText.second(event.time)),
                Cell(event.actor),
                Cell(event.kind),
                Cell(event.subject),
                Cell(event.hash.short),
                Cell(event.body)
            )
        }
        return Report { $0.table(table) }
    }

    /// Whether the log is whole.
    static func chain(_ chain: ChainView) -> Report {
        Report { report in
            if let bad = chain.firstBadEvent {
                report.line(
                    StatusCell.fail("the log is broken at #\(bad)"),
                    Cell(chain.problem.map { ": \($0)" } ?? "")
                )
            } else {
                report.line(
                    StatusCell.pass("the log is whole"),
                    Cell("   \(NumberText.count(chain.events, "event")), head \(chain.head)")
                )
            }
        }
    }
}
