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
        examples: "audit list --since 24h",
        "audit list --who admin --since 2026-11-01 --until 2026-11-08",
        "audit list --kind channel.moved --subject ticket-bot@production",
        "audit list --limit 0 -o json > log.json"
    )

    @Option(help: ArgumentHelp("Only this kind, such as channel.moved.", valueName: "kind")) var kind: String?
    @Option(help: ArgumentHelp("Only about this, such as ticket-bot@production.", valueName: "subject"))
    var subject: String?
    @Option(help: ArgumentHelp("Only what this key caused; serin is the server itself.", valueName: "key"))
    var who: String?
    @Option(help: ArgumentHelp("From then on, such as 24h or 2026-11-21T10:00Z.", valueName: "time"))
    var since: String?
    @Option(help: ArgumentHelp("Before then.", valueName: "time")) var until: String?
    @OptionGroup var global: GlobalOptions

    static let kind = "EventList"
    var empty: Advice { "no entry fits" }

    func ask(_ session: Session) async throws -> ListAnswer<AuditEntry> {
        let range = try TimeArgument.range(since: since, until: until, now: session.printer.style.now)
        return try await session.pages(
            APIPath.audit,
            [
                ("kind", kind), ("subject", subject), ("who", who), ("since", range.since?.description),
                ("until", range.until?.description),
            ]
        )
    }

    func name(of entry: AuditEntry) -> String { String(entry.event.seq) }
    func report(_ entries: [AuditEntry], now: Timestamp) -> Report { AuditOutput.list(entries) }
    // The page has no address with these filters, and without them it shows something else.
    var page: PagePath? { [kind, subject, who, since, until].allSatisfy { $0 == nil } ? .audit : nil }
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
    static func list(_ entries: [AuditEntry]) -> Report {
        var table = Table(
            .figure("#"),
            .text("TIME"),
            .text("WHO"),
            .text("WHAT"),
            .text("ABOUT"),
            .text("FROM"),
            .text("TO"),
            .long("REASON"),
            .wide("HASH"),
            .wide("BODY")
        )
        for entry in entries {
            table.row(
                Cell(String(entry.event.seq)),
                Cell(TimeText.second(entry.event.time)),
                Cell(entry.event.actor),
                Cell(entry.event.kind),
                Cell(entry.event.subject),
                Cell(entry.change.from ?? ""),
                Cell(entry.change.to ?? ""),
                Cell(entry.change.reason ?? ""),
                Cell(entry.event.hash.short),
                Cell(entry.event.body)
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
