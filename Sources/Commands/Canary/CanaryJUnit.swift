import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// A canary as JUnit XML. A check is a test case: worse is a failure, also when its size may be allowed, for a person has
/// to decide; what is undecided is an error, for nothing was shown; what is only watched, or did not apply, is skipped.
enum CanaryJUnit {
    /// The document.
    static func text(_ view: CanaryView) -> String {
        let record = view.record
        return JUnitReport(
            name: "canary \(record.id)",
            subject: "\(record.candidate)",
            cases: view.report.map { cases($0.judgment) } ?? [unjudged(view)],
            seconds: view.report?.run.seconds ?? view.progress?.elapsedSeconds ?? 0,
            at: record.finishedAt
        )
        .text
    }

    private static func cases(_ judgment: Judgment) -> [JUnitReport.Case] {
        let checks = judgment.checks.map { check in
            JUnitReport.Case(name: check.title, outcome: outcome(check))
        }
        let unapplied = (judgment.unapplied ?? []).map { check in
            let instead = check.replacedBy.map { "; \($0) decided instead" } ?? ""
            return JUnitReport.Case(name: check.name, outcome: .skipped("not applicable: \(check.reason)\(instead)"))
        }
        return broken(judgment) + checks + unapplied
    }

    /// That the comparison itself is broken, whatever its checks found.
    private static func broken(_ judgment: Judgment) -> [JUnitReport.Case] {
        guard judgment.verdict == .invalid else { return [] }
        let reason = judgment.reasons.first ?? "the comparison is not valid"
        return [JUnitReport.Case(name: "verdict", outcome: .error(kind: judgment.verdict.rawValue, reason))]
    }

    private static func outcome(_ check: CheckResult) -> JUnitReport.Outcome {
        if check.watchOnly {
            return .skipped("watched, decides nothing; alone: \(check.verdict.rawValue), \(check.reason)")
        }
        return switch check.verdict {
        case .pass: .passed
        case .fail, .marginal: .failure(kind: check.verdict.rawValue, check.reason)
        case .inconclusive, .invalid: .error(kind: check.verdict.rawValue, check.reason)
        }
    }

    private static func unjudged(_ view: CanaryView) -> JUnitReport.Case {
        let reason = view.record.summary ?? view.progress.map { $0.words("pairs") } ?? "no verdict yet"
        return JUnitReport.Case(name: "verdict", outcome: .error(kind: view.record.state.rawValue, reason))
    }
}
