import Digests
import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about traffic sets print.
enum TrafficOutput {
    /// The traffic sets.
    static func list(_ sets: [TrafficRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("TRAFFIC"),
            .figure("REQUESTS"),
            .figure("LABELLED"),
            .figure("SIZE"),
            .text("FROM"),
            .text("AGE"),
            .text("BY"),
            .wide("DIGEST"),
            .wide("FROZEN FROM")
        )
        for set in sets {
            table.row(
                Cell(set.name.text),
                Cell(NumberText.count(set.requests)),
                Cell(NumberText.count(set.labelled)),
                Cell(NumberText.bytes(set.sizeBytes)),
                Cell(set.frozenFrom == nil ? "file" : "capture"),
                Cell(NumberText.elapsed(now.seconds(since: set.importedAt))),
                Cell(set.importedBy),
                Cell(set.digest.short),
                Cell(set.frozenFrom ?? "-")
            )
        }
        return Report { $0.table(table) }
    }

    /// A set that was just frozen, and what was left out of it.
    static func frozen(_ answer: FreezeAnswer) -> Report {
        Report { report in
            let set = answer.record
            let conversations = set.conversations.map { "\(NumberText.count($0)) conversations, " } ?? ""
            let different = set.different.map { $0 < set.requests ? "\(NumberText.count($0)) different, " : "" } ?? ""
            report.line(
                StatusCell.pass(set.name.text),
                Cell(
                    "  \(set.digest.short)  \(NumberText.count(answer.taken)) of \(NumberText.count(answer.matched, "request")) "
                        + "that fit, \(conversations)\(different)\(NumberText.count(answer.labelled)) labelled, \(NumberText.bytes(set.sizeBytes))"
                )
            )
            if let origin = set.frozenFrom { report.line(Cell("  \(origin)")) }
            for (reason, count) in answer.skipped.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) })
            where count > 0 {
                report.line(Cell("  left out: \(NumberText.count(count)) \(reason)"))
            }
            if let unbacked = answer.unbacked {
                report.line(
                    Cell(
                        "  not expected: \(NumberText.count(unbacked)) that only callers called right or corrected, not a role"
                    )
                )
            }
            if answer.labelled == 0 {
                report.line(
                    "  ",
                    StatusCell.notice("no request says what should come: a canary on it cannot tell right from wrong")
                )
            }
        }
    }

    /// All about a traffic set.
    static func show(_ view: TrafficView, now: Timestamp) -> Report {
        Report { report in
            let set = view.record
            report.line(
                Cell(set.name.text, .strong),
                Cell(
                    "  \(set.digest.short)  \(set.event.requestsText(different: view.different)), "
                        + "\(NumberText.count(set.labelled)) labelled, \(NumberText.bytes(set.sizeBytes))"
                )
            )
            let way = set.frozenFrom == nil ? "imported" : "frozen"
            report.line(Cell("  \(way) \(TimeText.second(set.importedAt)) by \(set.importedBy)"))
            if let origin = set.frozenFrom { report.line(Cell("  from captured requests: \(origin)")) }
            if let format = set.format { report.line(Cell("  read as \(format)")) }
            if let notTaken = set.notTakenWords { report.line(Cell("  not taken: \(notTaken)")) }
            if let left = set.leftOutWords { report.line(Cell("  left out: \(left)")) }
            if !view.tags.isEmpty {
                report.blank()
                var table = Table(.text("TAG"), .text("VALUE"), .figure("REQUESTS"), .text(""), indent: 2)
                for tag in view.tags {
                    let share = set.requests > 0 ? Double(tag.count) / Double(set.requests) : 0
                    table.row(
                        Cell(tag.tag),
                        Cell(tag.value),
                        Cell(NumberText.count(tag.count)),
                        Cell(BlockChart.bar(share, width: 20))
                    )
                }
                report.table(table)
            }
            if !view.sample.isEmpty {
                report.blank()
                var table = Table(.text("REQUEST"), .long("INPUT"), .text("EXPECTED"), indent: 2)
                for request in view.sample {
                    let input =
                        request.messages.map { $0.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: " | ") }
                        ?? request.variables.sorted { $0.key < $1.key }.map(\.value).joined(separator: " | ")
                    table.row(Cell(request.id), Cell(DisplayWidth.cut(input, to: 70)), Cell(request.expected ?? "-"))
                }
                report.table(table)
            }
            if !view.usedBy.isEmpty {
                report.blank()
                report.add(CanaryOutput.list(view.usedBy, now: now))
            }
        }
    }
}
