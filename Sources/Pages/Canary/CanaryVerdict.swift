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
    ///
    /// - Parameters:
    ///   - extensionNeeded: Pairs in all with which an extension would probably decide.
    ///   - extendedBy: The canary that goes on from this one.
    init(
        _ report: CanaryReport,
        document: Name,
        holds: Int?,
        extensionNeeded: Int? = nil,
        extendedBy: CanaryID? = nil,
        isLive: Bool
    ) {
        let judgment = report.judgment
        let deciding = CheckRow.sorted(judgment.checks).filter { !$0.watchOnly }
        let worst = deciding.first { $0.verdict == judgment.verdict }
        verdict = CanaryVerdict.title(judgment.verdict, candidate: report.candidate)
        let reason = judgment.reasons.first ?? "no reason was recorded"
        sentence =
            [
                judgment.verdict == .inconclusive || judgment.verdict == .invalid
                    ? CanaryVerdict.capitalised(reason) + "."
                    : worst.map { CanaryVerdict.sentence($0, deciding: deciding) } ?? reason,
                CanaryVerdict.rest(deciding, worst),
            ]
            .compactMap { $0 }.joined(separator: " ")
        switch judgment.verdict {
        case .inconclusive where extendedBy != nil, .marginal where extendedBy != nil:
            next = "\(extendedBy.map { "\($0)" } ?? "another") goes on from this run, with more requests:"
            command = extendedBy.map { .canaryShow($0) }
        case .pass where isLive:
            next = "\(report.candidate) is what is live in production: nothing is left to do."
            command = nil
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
            let more = max(report.requests * 2, judgment.requestsNeeded ?? 0)
            next = "a person decides: the degradation is real, its size may be allowed. More pairs make it surer:"
            command =
                extensionNeeded.map { .canaryExtend(report.canary, to: $0) }
                ?? CanaryVerdict.more(MoreRequests(needed: more, holds: holds), report, document: document)
        case .invalid:
            next = "nothing follows from this run, neither good nor bad: mend what the reason names, then:"
            command = .canaryRun(.release(report.candidate), against: .release(report.baseline), using: document)
        case .inconclusive:
            if let extensionNeeded {
                next = """
                    extended to \(NumberText.count(extensionNeeded)) requests in all, it would probably decide; what was \
                    answered is not asked again:
                    """
                command = .canaryExtend(report.canary, to: extensionNeeded)
            } else if let needed = judgment.requestsNeeded {
                let more = MoreRequests(needed: needed, holds: holds)
                switch more {
                case .again: next = more.words(set: report.traffic.text) + ":"
                case .larger:
                    next = """
                        \(more.words(set: report.traffic.text)): freeze or import a larger set, and name it in canary \
                        document \(document):
                        """
                }
                command = CanaryVerdict.more(more, report, document: document)
            } else if !report.isSilentAboutExpectations {
                next = "mend what the reasons below name, in canary document \(document) or in the releases, then:"
                command = .canaryRun(.release(report.candidate), against: .release(report.baseline), using: document)
            } else {
                next = "look at the set and at what it expects; the checks below say what was missing:"
                command = .trafficShow(report.traffic)
            }
        }
    }

    private static func more(_ more: MoreRequests, _ report: CanaryReport, document: Name) -> NextStep {
        switch more {
        case .again(let requests):
            again(
                report,
                document: document,
                requests: requests,
                // What was extended looks at other requests now.
                seed: report.judgment.looks?.isExtended == true ? nil : report.run.seed
            )
        case .larger(let requests, _): .trafficFreeze(nil, model: report.candidate.model, sample: requests)
        }
    }

    /// What a canary without a verdict says.
    init(unjudged canary: CanaryRecord, progress: WorkProgress?) {
        switch canary.state {
        case .running, .judged:
            verdict = progress?.isWaiting == true ? "Waiting for its turn" : "Running"
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
    static func again(_ report: CanaryReport, document: Name, requests: Int, seed: UInt64?) -> NextStep {
        .canaryRun(
            .release(report.candidate),
            against: .release(report.baseline),
            using: document,
            traffic: report.traffic,
            requests: requests,
            seed: seed
        )
    }

    private static func title(_ verdict: Verdict, candidate: ReleaseID) -> String {
        switch verdict {
        case .pass: "Pass – \(candidate) is not worse"
        case .fail: "Fail – \(candidate) is worse"
        case .marginal: "Marginal – \(candidate) is worse, perhaps within what is allowed"
        case .inconclusive: "Inconclusive – not enough is known of \(candidate)"
        case .invalid: "Invalid – the comparison itself is broken"
        }
    }

    /// The reason of the judge, which speaks of the numbers that decided and of no others.
    private static func sentence(_ check: CheckResult, deciding: [CheckResult]) -> String {
        switch check.verdict {
        case .fail, .marginal, .inconclusive, .invalid: return "\(capitalised(check.title)): \(check.reason)."
        case .pass:
            let closest = deciding.max { closeness($0) < closeness($1) } ?? check
            let near = CheckText(closest)
            return """
                Even the worst plausible change is inside the margin in \
                \(deciding.count == 1 ? "the deciding check" : "all \(deciding.count) deciding checks"). Closest: \
                \(closest.title), at most \
                \(near.amount(closest.plausibleUpper.map { max(0, $0) })) worse; you allow \(near.amount(closest.margin)).
                """
        }
    }

    /// How the other checks came out.
    private static func rest(_ deciding: [CheckResult], _ worst: CheckResult?) -> String? {
        guard let worst, worst.verdict != .pass else { return nil }
        let others = deciding.filter { $0 != worst }
        let parts: [(Verdict, isSilent: Bool, String, String)] = [
            (.fail, false, "fails", "fail"), (.marginal, false, "is marginal", "are marginal"),
            (.inconclusive, true, "shows nothing", "show nothing"),
            (.inconclusive, false, "needs more pairs", "need more pairs"), (.pass, false, "passes", "pass"),
        ]
        let words = parts.compactMap { verdict, isSilent, one, many -> String? in
            let count = others.count { $0.verdict == verdict && ($0.isWithoutEvidence == true) == isSilent }
            return count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
        }
        if others.count > 1, others.allSatisfy({ $0.verdict == .pass }) {
            return "The other \(others.count) deciding checks pass."
        }
        return words.isEmpty ? nil : "Of the other deciding checks \(words.joined(separator: ", "))."
    }

    private static func closeness(_ check: CheckResult) -> Double {
        CheckText(check).inMargins(check.plausibleUpper) ?? -.infinity
    }

    /// The text with its first letter as a capital.
    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
