import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// What the verbs print of decisions and moves.
enum DecisionOutput {
    /// The answer of a decision as a cell.
    static func answer(_ decision: Decision) -> Cell {
        switch decision.outcome {
        case .allowed: decision.isOverridden ? StatusCell.notice("overridden") : StatusCell.pass("allowed")
        case .refused: StatusCell.fail("refused")
        case .waiting: StatusCell.waiting("waiting")
        }
    }

    /// The state of a gate as a cell.
    static func state(_ gate: GateResult) -> Cell {
        switch gate.state {
        case .pass: StatusCell.pass("pass")
        case .fail: gate.blocks ? StatusCell.fail("fail") : StatusCell.notice("fail")
        case .unknown:
            // What is there and says too little is not missing.
            gate.blocks
                ? StatusCell.fail(gate.evidence.isEmpty ? "missing" : "no evidence")
                : StatusCell.unknown(gate.evidence.isEmpty ? "missing" : "no evidence")
        case .notApplicable: StatusCell.unknown("not asked")
        case .overridden: StatusCell.notice("overridden")
        case .waiting: StatusCell.waiting("waiting")
        }
    }

    /// The gates of a decision: how each came out, what the facts say, what to do.
    static func gates(_ decision: Decision) -> Report {
        var table = Table(
            .text("GATE"),
            .text("STATE"),
            .long("EVIDENCE"),
            .wide("REQUIRED"),
            .wide("LEVEL"),
            .note("NEXT"),
            indent: 2
        )
        for gate in decision.gates {
            table.row(
                Cell(gate.id.text),
                state(gate),
                Cell(gate.found),
                Cell(gate.required),
                Cell(gate.level.rawValue),
                Cell(gate.blocks ? gate.remedy ?? "" : "")
            )
        }
        return Report { $0.table(table) }
    }

    /// `refused: policy production rev 5 has 2 unmet gates of 7`.
    static func refusal(_ decision: Decision) -> Report {
        let count = decision.blockers.count
        let policy = decision.policy.map { "policy \($0)" } ?? "no policy is for \(decision.channel)"
        let unmet = "has \(NumberText.count(count, "unmet gate")) of \(decision.gates.count)"
        let sign = decision.outcome == .waiting ? StatusCell.waiting : StatusCell.fail
        return Report { report in
            report.line(sign("\(decision.outcome.rawValue): \(policy)\(decision.policy == nil ? "" : " \(unmet)")"))
            report.blank()
            report.add(gates(decision))
        }
    }

    /// A decision in full: every gate with what was asked and found, and what would change the answer.
    static func explanation(_ decision: Decision) -> Report {
        Report { report in
            report.line("Decision: ", answer(decision), Cell("      policy \(decision.policy?.description ?? "none")"))
            report.line(
                Cell("Release:  \(decision.release) = \(decision.facts.version), for channel \(decision.channel)")
            )
            if let live = decision.facts.live { report.line(Cell("Live:     \(live)")) }
            report.blank()
            var table = Table(
                .figure(""),
                .text("GATE"),
                .text("STATE"),
                .text("LEVEL"),
                .note("REQUIRED"),
                .note("FOUND")
            )
            for (index, gate) in decision.gates.enumerated() {
                table.row(
                    Cell(String(index + 1)),
                    Cell(gate.id.text),
                    state(gate),
                    Cell(gate.level.rawValue),
                    Cell(gate.required),
                    Cell(gate.found)
                )
            }
            report.table(table)
            let remedies = decision.gates.enumerated().filter { $0.element.blocks && $0.element.remedy != nil }
            if !remedies.isEmpty {
                report.blank()
                report.line("What would change the answer")
                for (index, gate) in remedies { report.line(Cell("  gate \(index + 1): \(gate.remedy ?? "")")) }
            }
            if let override = decision.override {
                report.blank()
                report.line(StatusCell.notice("overridden by \(override.by): \(override.reason)"))
            }
            if let id = decision.id {
                report.blank()
                report.line(Cell("Stored as decision \(id), \(TimeText.second(decision.time))"))
            }
        }
    }

    /// What became of a promotion or a rollback.
    static func move(_ answer: MoveAnswer) -> Report {
        let from = answer.from.map { "r\($0.id.number) → " } ?? ""
        let to = "\(from)r\(answer.to.id.number)"
        let what = "\(answer.to.version), \(answer.to.content.prompt)"
        let isRollback = answer.decision == nil
        return Report { report in
            switch answer.outcome {
            case .refused:
                if let decision = answer.decision {
                    report.add(refusal(decision))
                } else {
                    report.line(StatusCell.fail("refused"))
                }
            case .unchanged:
                report.line(
                    StatusCell.pass("\(answer.channel): r\(answer.to.id.number) already"),
                    Cell("   \(what)   nothing changed")
                )
            case .wouldMove:
                report.line(
                    StatusCell.unknown("\(answer.channel): would move \(to)"),
                    Cell("   \(what)   nothing was changed")
                )
                if let why = answer.why { report.line("  ", StatusCell.notice(why)) }
                if let decision = answer.decision { report.add(gates(decision)) }
            case .moved:
                let time = answer.move.map { "   \(TimeText.second($0.at))" } ?? ""
                let took = isRollback ? "   took \(NumberText.duration(answer.seconds))" : ""
                report.line(StatusCell.pass("\(answer.channel): \(to)"), Cell("   \(what)\(took)\(time)"))
                if answer.decision?.isOverridden == true {
                    let unmet = answer.decision?.gates.filter { $0.state == .overridden }.map(\.id.text) ?? []
                    report.line(
                        "  ",
                        StatusCell.notice("against the policy: \(unmet.joined(separator: ", ")) not met; recorded")
                    )
                }
                if let old = answer.from, isRollback {
                    if let why = answer.why { report.line("  ", StatusCell.notice(why)) }
                    report.line(
                        Cell(
                            "  r\(old.id.number) is rejected in \(answer.channel): it needs new evidence before it can be promoted there again"
                        )
                    )
                } else if let old = answer.from {
                    let load = answer.loadSeconds.map { "loaded in \(NumberText.duration($0)); " } ?? ""
                    report.line(Cell("  \(load)r\(old.id.number) stays loaded for a rollback"))
                }
            }
        }
    }
}
