import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// How an SLO is counted, when it alarms, and what its budget decides.
enum SLOExplanation {
    /// How an SLO is counted, when it alarms, what each state means, and what its budget decides.
    static func show(_ view: SLOView) -> Report {
        let row = view.row, document = document(view)
        let budget = document?.budget ?? ((1 - row.target) * 1e12).rounded() / 1e12
        let share = NumberText.good(budget, 4)
        let window = document.map { NumberText.setTime(Double($0.windowSeconds)) } ?? "its window"
        return Report { report in
            func heading(_ text: String) {
                report.blank()
                report.line(Cell(text, .strong))
            }
            report.line(
                Cell("\(row.name)", .strong),
                Cell(" of \(row.model)@\(row.channel), revision \(view.document.revision)")
            )
            heading("What counts")
            report.line(Cell("  valid    \(view.validEvents)"))
            report.line(Cell("  good     \(view.goodEvents)"))
            report.line("  never    replays, health probes, what a client got wrong or left, and what was not measured")
            report.line(
                Cell(
                    "  target   \(NumberText.good(row.target, 4)) of the valid events over \(window): "
                        + "\(share) may be bad, which is the error budget"
                )
            )
            if let document, document.indicator.isSampled {
                report.line(
                    "  sampled  only some events are judged: it is met when the lower end of the 95 % interval is"
                )
            }
            report.line(Cell("  now      \(row.sentence)"))

            heading("Burn rate")
            report.line(Cell("  burn = share of bad events in a window / \(share)"))
            report.line(
                Cell(
                    "  1 spends the budget exactly over \(window); "
                        + "\(NumberText.plain(1 / budget, 1)) is every event bad"
                )
            )

            heading("When it alarms")
            report.line("  A pair of windows fires when all of this holds:")
            report.line(
                "  1  both burn at FIRES AT or faster; the published rate is cut to half of the highest there can be"
            )
            report.line("  2  the long one has NEEDED bad events: 3, or 5 where the rate was cut")
            report.line(
                Cell(
                    "  3  the lower 95 % bound of its share of bad events (Clopper and Pearson, 1934) is over \(share)"
                )
            )
            report.line(
                "  Without events in the short window it stays as it was; without any in the long one nothing is known."
            )
            report.line("")
            var wide = SLOOutput.windows(view.windows)
            wide.indent = 2
            report.table(wide)

            heading("What the states mean")
            let states: [(Cell, String)] = [
                (StatusCell.pass("met"), "budget is left and no alert fires"),
                (
                    StatusCell.notice("burning"),
                    "budget is left and an alert fires: ticket on the next working day, page now"
                ),
                (StatusCell.fail("exhausted"), "more events were bad than the budget allows"),
                (
                    StatusCell.notice("missing traffic"),
                    "events used to come and stopped: nothing burns, and nothing is known since"
                ),
                (
                    StatusCell.unknown("unknown"),
                    "too few valid events to say: never good, never bad, pages nobody"
                ),
                (StatusCell.unknown("off"), "nobody has set the limit (atMost), so nothing is counted"),
            ]
            for (state, meaning) in states {
                report.line(
                    "  ",
                    state,
                    Cell("\(String(repeating: " ", count: max(1, 19 - state.text.count)))\(meaning)")
                )
            }

            heading("What the budget decides")
            report.line("  Advice to people; only a gate of a policy enforces any of it:")
            for rule in document?.budgetPolicy ?? [] {
                let holds = (row.budgetLeft ?? 1) <= rule.atMost
                report.line(
                    Cell("  at most \(NumberText.good(rule.atMost, 2)) left: \(rule.action.words)"),
                    Cell(holds ? "   (holds)" : "", .notice)
                )
            }
            let left = row.budgetLeft.map(NumberText.budgetLeft) ?? "unknown"
            report.line(Cell("  now      \(left): \(view.budgetAction)"))
            for use in view.usedBy { report.line(Cell("  used by  \(use)")) }
            for warning in view.warnings { report.line("  ", StatusCell.notice(warning)) }
        }
    }

    /// The document behind it, when this build can read it.
    private static func document(_ view: SLOView) -> SLODocument? {
        guard let documents = try? Document.parse(view.document.source, file: view.document.name.text) else {
            return nil
        }
        for case .slo(let document) in documents where document.name == view.row.name { return document }
        return nil
    }
}
