import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about policies and documents print.
enum PolicyOutput {
    /// The policies.
    static func list(_ policies: [DocumentRecord], now: Timestamp) -> Report {
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
    static func show(_ view: PolicyView) -> Report {
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
                report.add(ReleaseOutput.decisions(view.decisions))
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
            for change in answer.changes {
                guard let newest = change.newest else { continue }
                let known = "\(change.name)@\(change.revision)"
                report.line(
                    StatusCell.notice(
                        "\(known) says the same, and the newest is \(change.name)@\(newest): name \(known) where it is meant"
                    )
                )
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
}
