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
                        + record.pairsWords + (record.requests == 1 ? " request" : " requests")
                )
            )
            if let extends = record.event.extends { report.line(Cell("  goes on from \(extends.canary)", .faint)) }
            report.blank()
            guard let found = view.report else {
                report.line(ReportWords.canary(record), Cell("   " + unjudged(view)))
                return
            }
            report.line(status(found.judgment.verdict)(headline(view, found)))
            // What the first line says already is not said again.
            let reasons = found.judgment.reasons
            let isSaid = reasons.first.map { headline(view, found).hasSuffix($0) } ?? false
            for reason in reasons.dropFirst(isSaid ? 1 : 0) { report.line(Cell("  \(reason)")) }
            report.blank()
            report.table(checks(found.judgment.checks))
            report.line(Cell("  degradation: positive is worse   * critical   · shown, does not decide", .faint))
            let flipped = found.judgment.checks.compactMap { check in
                check.flips.flatMap { $0.gotWorse + $0.gotBetter > 0 ? (check.title, $0) : nil }
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

    /// How far one without a verdict is, or why it has none.
    static func unjudged(_ view: CanaryView) -> String {
        view.record.summary ?? view.progress.map { $0.words("pairs") } ?? ""
    }

    private static func status(_ verdict: Verdict) -> StatusCell { StatusCell(verdict) }

    /// The verdict and, where nothing was decided, why, in the first line.
    static func headline(_ view: CanaryView, _ report: CanaryReport) -> String {
        let judgment = report.judgment
        let deciding = judgment.checks.filter { !$0.watchOnly }
        let word = judgment.verdict.rawValue.uppercased()
        switch judgment.verdict {
        case .pass: return "\(word)   \(deciding.count) of \(deciding.count) checks no worse"
        case .fail:
            let failed = deciding.filter { $0.verdict == .fail }
            let critical = failed.count(where: \.critical)
            return "\(word)   \(failed.count) of \(deciding.count) checks worse"
                + (critical > 0 ? ", \(critical) critical" : "")
        case .marginal: return "\(word)   worse, but perhaps within the margin: a person decides"
        case .invalid: return "\(word)   " + (judgment.reasons.first ?? "the comparison is broken")
        case .inconclusive:
            if let more = view.moreRequests, !judgment.isWithoutEvidence {
                return "\(word)   too few requests to say; \(more.words(set: report.traffic.text))"
            }
            return "\(word)   " + (judgment.reasons.first ?? "nothing was decided")
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
                Cell(check.title + (check.critical ? " *" : "")),
                Cell(text.value(check.baseline)),
                Cell(text.value(check.candidate)),
                Cell(text.degradation(check.estimate)),
                Cell("[\(text.bare(check.plausibleLower)), \(text.degradation(check.plausibleUpper))] \(text.level)"),
                check.watchOnly ? Cell("-", .faint) : Cell(text.amount(check.margin)),
                verdict(check),
                Cell(NumberText.count(check.samples)),
                Cell(check.requestsNeeded.map(NumberText.estimate) ?? ""),
                Cell(check.reason)
            )
        }
        return table
    }

    private static func verdict(_ check: CheckResult) -> Cell {
        if check.watchOnly { return Cell("· watched", .faint) }
        return StatusCell(check.verdict)(word(check))
    }

    /// What a check concluded, in a word or two.
    static func word(_ check: CheckResult) -> String {
        if check.watchOnly { return "watched" }
        return switch check.verdict {
        // Better by more than the margin: what is better by a hair is no worse.
        case .pass: (check.upper ?? 0) < -check.margin ? "better" : "no worse"
        case .fail: "worse"
        case .marginal: "marginal"
        case .inconclusive: check.isWithoutEvidence == true ? "no evidence" : "undecided"
        case .invalid: "invalid"
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
            if let expected = pair.expected {
                report.line(Cell("  expected  \(expected)"), Cell(ReportWords.source(pair.expectedFrom), .faint))
            }
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
                Cell(canary.pairsWords),
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
