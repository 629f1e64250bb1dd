import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

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
