import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// The band on top of a canary report: one sentence written by rule, and what happens next.
struct CanaryVerdict {
    let verdict: String
    let sentence: String
    let next: String
    let command: NextStep?

    /// What a canary that was judged says.
    init(_ report: CanaryReport, document: Name) {
        let judgment = report.judgment
        let deciding = CheckRow.sorted(judgment.checks).filter { !$0.watchOnly }
        let worst = deciding.first { $0.verdict == judgment.verdict }
        verdict = CanaryVerdict.title(judgment.verdict, candidate: report.candidate)
        let reason = judgment.reasons.first ?? "no reason was recorded"
        sentence =
            [
                worst.map { CanaryVerdict.sentence($0, deciding: deciding) } ?? reason,
                CanaryVerdict.rest(deciding, worst),
            ]
            .compactMap { $0 }.joined(separator: " ")
        switch judgment.verdict {
        case .pass:
            next = "\(report.candidate) may be promoted once the other gates of the policy are met."
            command = .promote(.release(report.candidate), to: .production)
        case .fail:
            next = """
                a policy that asks for a passed canary refuses \(report.candidate); \(report.baseline) stays. \
                Look at the pairs below, mend the version and publish it again.
                """
            command = nil
        case .marginal:
            next = "a person decides: the degradation is real, its size may be allowed. More pairs make it surer:"
            command = CanaryVerdict.again(
                report,
                document: document,
                requests: NumberText.roundedUp(max(report.requests * 2, judgment.requestsNeeded ?? 0))
            )
        case .inconclusive:
            if let needed = judgment.requestsNeeded {
                next = "about \(NumberText.estimate(needed)) pairs in all would probably decide:"
                command = CanaryVerdict.again(report, document: document, requests: NumberText.roundedUp(needed))
            } else {
                next = "the run was too small or not valid; the checks below say why."
                command = nil
            }
        }
    }

    /// What a canary without a verdict says.
    init(unjudged canary: CanaryRecord) {
        switch canary.state {
        case .running, .judged:
            verdict = "Running"
            sentence =
                "It replays \(NumberText.count(canary.requests)) requests of \(canary.traffic) through both releases."
            next = "the verdict comes when all pairs are compared; a restart of the server loses none of them."
            command = .canaryWatch(canary.id)
        case .stopped:
            verdict = "Stopped without a verdict"
            sentence = canary.summary ?? "No reason was recorded."
            next = "start it again:"
            command = .canaryRun(
                .release(canary.candidate),
                against: .release(canary.baseline),
                using: canary.document,
                traffic: canary.traffic,
                requests: canary.requests,
                seed: canary.seed
            )
        }
    }

    /// The command that runs the same canary over `requests` pairs.
    static func again(_ report: CanaryReport, document: Name, requests: Int) -> NextStep {
        .canaryRun(
            .release(report.candidate),
            against: .release(report.baseline),
            using: document,
            traffic: report.traffic,
            requests: requests,
            seed: report.run.seed
        )
    }

    private static func title(_ verdict: Verdict, candidate: ReleaseID) -> String {
        switch verdict {
        case .pass: "Pass – \(candidate) is not worse"
        case .fail: "Fail – \(candidate) is worse"
        case .marginal: "Marginal – \(candidate) is worse, perhaps within what is allowed"
        case .inconclusive: "Inconclusive – not enough is known of \(candidate)"
        }
    }

    private static func sentence(_ check: CheckResult, deciding: [CheckResult]) -> String {
        let words = CheckText(check)
        let between = "between \(words.bare(check.lower)) and \(words.degradation(check.upper))"
        switch check.verdict {
        case .fail:
            return """
                \(capitalised(check.name)) is worse by \(words.amount(check.estimate)) (\(between)); \
                you allow \(words.amount(check.margin)).
                """
        case .marginal:
            return """
                \(capitalised(check.name)) is really worse, by \(words.amount(check.estimate)) (\(between)); \
                you allow \(words.amount(check.margin)).
                """
        case .inconclusive:
            return """
                \(capitalised(check.name)) could be inside what you allow (\(words.amount(check.margin))) or past it: \
                \(between).
                """
        case .pass:
            let closest = deciding.max { closeness($0) < closeness($1) } ?? check
            let near = CheckText(closest)
            return """
                Even the worst plausible change is inside the margin in all \
                \(NumberText.count(deciding.count, "deciding check")). Closest: \(closest.name), at most \
                \(near.amount(closest.upper.map { max(0, $0) })) worse; you allow \(near.amount(closest.margin)).
                """
        }
    }

    /// How the other checks came out.
    private static func rest(_ deciding: [CheckResult], _ worst: CheckResult?) -> String? {
        guard let worst, worst.verdict != .pass else { return nil }
        let others = deciding.filter { $0 != worst }
        let parts: [(Verdict, String, String)] = [
            (.fail, "fails", "fail"), (.marginal, "is marginal", "are marginal"),
            (.inconclusive, "needs more pairs", "need more pairs"), (.pass, "passes", "pass"),
        ]
        let words = parts.compactMap { verdict, one, many -> String? in
            let count = others.count { $0.verdict == verdict }
            return count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
        }
        if others.count > 1, others.allSatisfy({ $0.verdict == .pass }) {
            return "The other \(others.count) deciding checks pass."
        }
        return words.isEmpty ? nil : "Of the other deciding checks \(words.joined(separator: ", "))."
    }

    private static func closeness(_ check: CheckResult) -> Double {
        CheckText(check).inMargins(check.upper) ?? -.infinity
    }

    /// The text with its first letter as a capital.
    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
