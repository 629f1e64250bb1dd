import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the verbs about canaries print.
enum CanaryOutput {
    /// The verdict, the checks, and the worst pair of a canary.
    static func show(_ view: CanaryView) -> Report {
        let record = view.record
        return Report { report in
            report.line(
                Cell("canary \(record.id)", .strong),
                Cell(
                    "  \(record.candidate) against r\(record.baseline.number)   \(record.traffic), "
                        + NumberText.count(record.requests, "request")
                )
            )
            report.blank()
            guard let found = view.report else {
                report.line(ReportWords.canary(record), Cell(record.summary.map { "   \($0)" } ?? ""))
                return
            }
            report.line(verdictLine(found.judgment))
            for reason in found.judgment.reasons { report.line(Cell("  \(reason)")) }
            report.blank()
            report.table(checks(found.judgment.checks))
            report.line(Cell("  degradation: positive is worse   * critical   · shown, does not decide", .faint))
            let flipped = found.judgment.checks.compactMap { check in
                check.flips.flatMap { $0.gotWorse + $0.gotBetter > 0 ? (check.name, $0) : nil }
            }
            if !flipped.isEmpty { report.blank() }
            for (name, flips) in flipped {
                let worse =
                    "\(NumberText.count(flips.gotWorse, "pair")) got worse, \(NumberText.count(flips.gotBetter)) got better"
                let same =
                    "\(NumberText.count(flips.bothGood)) good in both, \(NumberText.count(flips.bothBad)) bad in both"
                report.line(Cell("  \(name): \(worse), \(same)", .faint))
            }
            if let pair = found.worstPairs.first {
                report.blank()
                report.add(worst(pair))
            }
            report.blank()
            report.line(
                Cell(
                    "\(NumberText.count(found.different)) of \(NumberText.count(found.requests, "pair")) answered differently, "
                        + "\(NumberText.duration(found.run.seconds)), seed \(found.run.seed)"
                )
            )
        }
    }

    private static func verdictLine(_ judgment: Judgment) -> Cell {
        let deciding = judgment.checks.filter { !$0.watchOnly }
        let failed = deciding.filter { $0.verdict == .fail }
        let word = judgment.verdict.rawValue.uppercased()
        switch judgment.verdict {
        case .pass: return StatusCell.pass("\(word)   \(deciding.count) of \(deciding.count) checks no worse")
        case .fail:
            let critical = failed.filter(\.critical).count
            return StatusCell.fail(
                "\(word)   \(failed.count) of \(deciding.count) checks worse"
                    + (critical > 0 ? ", \(critical) critical" : "")
            )
        case .marginal: return StatusCell.notice("\(word)   worse, but perhaps within the margin: a person decides")
        case .inconclusive:
            let needed =
                judgment.requestsNeeded.map { "; about \(NumberText.count($0)) requests in all would decide" } ?? ""
            return StatusCell.unknown("\(word)   not enough data to say\(needed)")
        }
    }

    /// One row a check. Degradation is positive when the candidate is worse.
    static func checks(_ checks: [CheckResult]) -> Table {
        var table = Table(
            .text("CHECK"),
            .figure("BASE"),
            .figure("CANARY"),
            .figure("WORSE BY"),
            .text("INTERVAL"),
            .figure("MARGIN"),
            .text("VERDICT"),
            Table.Column(title: "n", isFigure: true, isWide: true),
            Table.Column(title: "NEEDED", isFigure: true, isWide: true),
            .wide("REASON"),
            indent: 2
        )
        for check in checks {
            let text = CheckText(check)
            table.row(
                Cell(check.name + (check.critical ? " *" : "")),
                Cell(text.value(check.baseline)),
                Cell(text.value(check.candidate)),
                Cell(text.degradation(check.estimate)),
                Cell("[\(text.bare(check.lower)), \(text.degradation(check.upper))] \(text.level)"),
                check.watchOnly ? Cell("-", .faint) : Cell(text.amount(check.margin)),
                verdict(check),
                Cell(NumberText.count(check.samples)),
                Cell(check.requestsNeeded.map(NumberText.count) ?? ""),
                Cell(check.reason)
            )
        }
        return table
    }

    private static func verdict(_ check: CheckResult) -> Cell {
        if check.watchOnly { return Cell("· watched", .faint) }
        return switch check.verdict {
        // Better by more than the margin: what is better by a hair is no worse.
        case .pass: StatusCell.pass((check.upper ?? 0) < -check.margin ? "better" : "no worse")
        case .fail: StatusCell.fail("worse")
        case .marginal: StatusCell.notice("marginal")
        case .inconclusive: StatusCell.unknown("undecided")
        }
    }

    private static func worst(_ pair: CanaryReport.Pair) -> Report {
        func said(_ side: CanaryReport.Side) -> String {
            if side.text?.isEmpty == true, side.calls != nil { return "(calls only)" }
            return side.text ?? side.error.map { "(\($0))" } ?? "(nothing)"
        }
        func thought(_ side: CanaryReport.Side) -> String {
            side.thinking.map { DisplayWidth.cut($0, to: 200) } ?? "(nothing)"
        }
        return Report { report in
            report.line(
                Cell("worst pair  ", .strong),
                Cell("\(pair.request)  \(DisplayWidth.cut(pair.input, to: 100))")
            )
            if let expected = pair.expected { report.line(Cell("  expected  \(expected)")) }
            for (name, side) in [("base      ", pair.baseline), ("canary    ", pair.candidate)] {
                report.line(Cell("  \(name)\(said(side))"))
                for call in side.calls ?? [] { report.line(Cell("    calls   \(call.line)")) }
            }
            if pair.baseline.thinking != nil || pair.candidate.thinking != nil {
                report.line(Cell("  base thought    \(thought(pair.baseline))", .faint))
                report.line(Cell("  canary thought  \(thought(pair.candidate))", .faint))
            }
        }
    }

    /// A list of canaries.
    static func list(_ canaries: [CanaryRecord], now: Timestamp) -> Report {
        var table = Table(
            .text("CANARY"),
            .text("CANDIDATE"),
            .text("AGAINST"),
            .text("TRAFFIC"),
            .figure("REQUESTS"),
            .text("VERDICT"),
            .text("AGE"),
            .wide("BY"),
            .wide("DOCUMENT"),
            .wide("SEED"),
            .long("SUMMARY")
        )
        for canary in canaries {
            table.row(
                Cell(canary.id.description),
                Cell(canary.candidate.description),
                Cell("r\(canary.baseline.number)"),
                Cell(canary.traffic.text),
                Cell(NumberText.count(canary.requests)),
                ReportWords.canary(canary),
                Cell(NumberText.elapsed(now.seconds(since: canary.startedAt))),
                Cell(canary.startedBy),
                Cell(canary.document.text),
                Cell(String(canary.seed)),
                Cell(canary.summary ?? "")
            )
        }
        return Report { $0.table(table) }
    }
}
