import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

extension Report {
    /// The policies.
    static func policies(_ policies: [DocumentRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("POLICY"),
            .figure("REV"),
            .text("FROM"),
            .text("AGE"),
            .text("BY"),
            .wide("DIGEST")
        )
        for policy in policies {
            table.row(
                Cell(policy.name.text),
                Cell(String(policy.revision)),
                Cell(policy.shipped ? "shipped" : "applied"),
                Cell(NumberText.elapsed(now.seconds(since: policy.appliedAt))),
                Cell(policy.appliedBy),
                Cell(policy.digest.short)
            )
        }
        return Report { $0.table(table) }
    }

    /// A policy as written, and what it decided last.
    static func policy(_ view: PolicyView) -> Report {
        Report { report in
            report.line(
                Cell("policy \(view.record.name) rev \(view.record.revision)", .strong),
                Cell(
                    "  \(view.record.digest.short)  \(view.record.shipped ? "shipped" : "by \(view.record.appliedBy)")"
                        + ", \(TimeText.second(view.record.appliedAt))"
                )
            )
            report.blank()
            report.verbatim(view.record.source)
            if !view.decisions.isEmpty {
                report.blank()
                report.add(decisions(view.decisions))
            }
        }
    }

    /// What `apply` changed or would change.
    static func apply(_ answer: ApplyAnswer) -> Report {
        Report { report in
            for change in answer.changes where change.action != .unchanged {
                let isNew = change.action == .created
                let revision = isNew ? "rev \(change.revision)" : "rev \(change.revision - 1) → \(change.revision)"
                report.line(
                    isNew ? Cell("+ ", .good) : Cell("~ ", .notice),
                    Cell("\(change.kind.lowercased())  "),
                    Cell(change.name, .strong),
                    Cell("   \(revision)")
                )
                for detail in change.details {
                    report.line(
                        Cell("    \(detail)", detail.hasPrefix("+") ? .good : detail.hasPrefix("-") ? .bad : .plain)
                    )
                }
            }
            let equal = answer.changes.count { $0.action == .unchanged }
            if equal == answer.changes.count {
                report.line(
                    StatusCell.pass("no changes"),
                    Cell("   \(NumberText.count(equal, "document")) as on the server")
                )
            } else if equal > 0 {
                report.line(Cell("= \(equal) unchanged"))
            }
        }
    }

    /// The keys.
    static func keys(_ keys: [KeyRecord], now: Timestamp) -> Report {
        var table = Table(.text("KEY"), .text("ROLE"), .text("CAPTURE"), .text("STATE"), .text("AGE"), .text("BY"))
        for key in keys {
            table.row(
                Cell(key.name.text),
                Cell(key.role.rawValue),
                Cell(key.capture.rawValue),
                key.revokedAt.map { StatusCell.fail("revoked \(TimeText.second($0))") } ?? StatusCell.pass("works"),
                Cell(NumberText.elapsed(now.seconds(since: key.createdAt))),
                Cell(key.createdBy)
            )
        }
        return Report { $0.table(table) }
    }

    /// Entries of the log.
    static func events(_ events: [Event]) -> Report {
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
