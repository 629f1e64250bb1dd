import Catalog
import Digests
import PolicyRules
import RegistryRecords
public import RegistryTypes
import Replay
import UserDocuments
public import WireFormat
import Wording

/// Old canaries judged under a policy or a canary document that nobody applied: what margins and gates would have done is
/// learnt on what has happened, not on a live release.
public struct PolicyTrials: Sendable {
    let parts: ExperimentParts
    let levels: ServiceLevelTracker

    /// What `request` would have made of a canary; nothing is stored.
    ///
    /// - Throws: ``ControlPlaneError``: a file that cannot be read or holds something else, a policy for another model, a
    ///   canary without a verdict, one whose pairs are gone, `unavailable` where too many wait.
    public func attempt(
        _ request: PolicyTrialRequest,
        on id: CanaryID,
        by caller: Caller
    ) async throws -> PolicyTrial {
        let tried = try TriedDocuments(request.file)
        return try await parts.rereads.run(by: caller) { try await attempt(tried, on: id) }
    }

    private func attempt(_ tried: TriedDocuments, on id: CanaryID) async throws -> PolicyTrial {
        let run = try await StoredRun(id, parts)
        let model = run.record.candidate.model
        if let policy = tried.policy, !policy.scope.matches(model) {
            throw ControlPlaneError(
                .badRequest,
                "policy \"\(policy.name)\" is not for \(model)",
                why: "it is for \(policy.scope.models.map(\.text).joined(separator: ", ")), and \(id) is of \(model)",
                next: "name a canary of these models: \(.canaryList())"
            )
        }
        var report: CanaryReport?
        if let document = tried.canary { report = try await run.judge(by: document) }
        let channel = tried.policy?.scope.channel ?? .production
        let now = parts.ledger.now()
        let budgets = levels.budgets(of: model, channel, now: now)
        let basis = try await parts.ledger.read {
            try TrialBasis(of: run, to: channel, budgets: budgets, now: now, in: $0)
        }
        let policy = try tried.policy.map { PolicyRevision(document: $0, revision: 0, digest: try $0.digest()) }
        var facts = basis.facts
        if let document = tried.canary, let report { facts = facts.replacing(run.fact(report, by: document, facts)) }
        let before = try basis.decide(basis.policy, basis.facts)
        let after = try basis.decide(policy ?? basis.policy, facts)
        var rows = [
            PolicyTrial.Row(
                subject: .verdict,
                name: id.description,
                before: run.report.judgment.verdict.rawValue,
                after: (report ?? run.report).judgment.verdict.rawValue,
                found: report?.judgment.reasons.first
            )
        ]
        if let report { rows += Self.checks(run.report.judgment, report.judgment) }
        rows += Self.gates(before, after)
        rows.append(
            PolicyTrial.Row(
                subject: .decision,
                name: channel.text,
                before: before.outcome.rawValue,
                after: after.outcome.rawValue
            )
        )
        return PolicyTrial(
            canary: id,
            candidate: run.record.candidate,
            baseline: run.record.baseline,
            tried: tried.names,
            rows: rows,
            notes: [basis.note] + Self.notes(run, tried.canary, report),
            judgment: report?.judgment,
            decision: after
        )
    }

    private static func checks(_ before: Judgment, _ after: Judgment) -> [PolicyTrial.Row] {
        func text(_ check: CheckResult?) -> String? {
            check.map { check in
                let words = CheckText(check), worse = words.degradation(check.estimate)
                // What is only watched has no margin that matters.
                return check.watchOnly
                    ? "watched, \(worse)" : "\(check.verdict.rawValue), \(worse) of \(words.amount(check.margin))"
            }
        }
        return Self.joined(before.checks, after.checks, by: \.title).map { name, left, right in
            PolicyTrial.Row(subject: .check, name: name, before: text(left), after: text(right), found: right?.reason)
        }
    }

    private static func gates(_ before: Decision, _ after: Decision) -> [PolicyTrial.Row] {
        Self.joined(before.gates, after.gates, by: \.id.text).map { name, left, right in
            PolicyTrial.Row(
                subject: .gate,
                name: name,
                before: left?.state.rawValue,
                after: right?.state.rawValue,
                found: right?.found
            )
        }
    }

    /// The entries of two lists by name: in the order of the second, then what only the first has.
    private static func joined<Entry>(
        _ before: [Entry],
        _ after: [Entry],
        by name: (Entry) -> String
    ) -> [(name: String, before: Entry?, after: Entry?)] {
        let (left, right) = (before.map(name), after.map(name))
        let kept = after.map { entry in
            (name(entry), left.firstIndex(of: name(entry)).map { before[$0] }, Entry?(entry))
        }
        let gone = before.filter { !right.contains(name($0)) }.map { (name($0), Entry?($0), Entry?.none) }
        return kept + gone
    }

    private static func notes(_ run: StoredRun, _ document: CanaryDocument?, _ report: CanaryReport?) -> [String] {
        guard let document, let report else { return [] }
        let record = run.record
        var notes: [String] = []
        if document.compare.requests > report.requests {
            notes.append(
                "\(document.name) asks for \(NumberText.count(document.compare.requests, "request")): judged on the "
                    + "\(NumberText.count(report.requests, "pair")) of \(record.id)"
            )
        }
        if document.compare.traffic != record.traffic {
            notes.append(
                "\(document.name) names \(document.compare.traffic): judged on \(record.traffic), which \(record.id) replayed"
            )
        }
        let stored = run.report.run.rulesRevision ?? 1
        if stored != CanaryReplay.rulesRevision {
            notes.append(
                "\(record.id) was judged by revision \(stored) of metrics and rules, and this build judges by revision "
                    + "\(CanaryReplay.rulesRevision)"
            )
        }
        return notes
    }
}

/// What a file holds that can be tried: a policy, a canary document, or one of each.
private struct TriedDocuments: Sendable {
    private(set) var policy: PolicyDocument?
    private(set) var canary: CanaryDocument?
    private(set) var names: [String] = []

    init(_ file: SourceFile) throws {
        for entry in try Documents.parse([file]) {
            let name = "\(entry.document.kindWord) \(entry.document.name)"
            switch entry.document {
            case .policy(let document) where policy == nil: policy = document
            case .canary(let document) where canary == nil: canary = document
            case .policy, .canary: throw Self.refused("\(name) is the second of its kind in the file")
            case .prompt, .slo: throw Self.refused("\(name) cannot be tried on a canary")
            }
            names.append(name)
        }
    }

    private static func refused(_ title: String) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            title,
            why: "what can be tried is a policy, a canary document, or one of each",
            next: "\(.policyLint())"
        )
    }
}

/// The facts that a decision about a canary's candidate rested on: those of the stored decision that used it, else those of
/// now as they were for the run.
private struct TrialBasis {
    let facts: PolicyFacts
    let policy: PolicyRevision?
    let note: String
    private let release: ReleaseID
    private let channel: Name
    private let time: Timestamp

    private static let newestDecisions = 100

    init(
        of run: StoredRun,
        to channel: Name,
        budgets: [PolicyFacts.Budget],
        now: Timestamp,
        in state: CatalogState
    ) throws {
        let record = run.record
        release = record.candidate
        self.channel = channel
        let used = try state.decisions(about: release, channel: channel, limit: Self.newestDecisions).map(\.decision)
            .first { decision in
                decision.facts.live == record.baseline
                    && decision.facts.canaries.contains { $0.id == record.id && $0.verdict != nil }
            }
        if let used, let id = used.id {
            facts = used.facts
            time = used.time
            policy = try used.policy.flatMap { reference in
                try state.document(.policy, reference.name, digest: reference.digest).map { try PolicyRevision($0) }
            }
            let override = used.override.map { "; the override of \($0.by) is left out" } ?? ""
            note = "the facts are those of \(id), \(TimeText.minute(time)) UTC\(override)"
            return
        }
        let content = try state.requireRelease(release).content
        let gathered = try PromotionPlan(
            content,
            of: release.model,
            to: channel,
            override: nil,
            budgets: budgets,
            now: now,
            in: state
        ).decision.facts
        time = record.finishedAt ?? now
        policy = try state.policy(of: release.model, in: channel)
        facts = gathered.asOf(record).replacing(run.fact(run.report, by: run.document, gathered))
        note =
            "no decision about \(channel) used \(record.id): live is \(record.baseline), as it was; card, evaluations and error "
            + "budgets are as they stand"
    }

    func decide(_ policy: PolicyRevision?, _ facts: PolicyFacts) throws -> Decision {
        try PolicyEvaluator.evaluate(policy: policy, release: release, channel: channel, facts: facts, now: time)
    }
}

extension StoredRun {
    /// What a policy sees of it, judged by a document.
    fileprivate func fact(_ report: CanaryReport, by document: CanaryDocument, _ facts: PolicyFacts)
        -> PolicyFacts.Canary
    {
        let before = facts.canaries.first { $0.id == record.id }
        let judged = CanaryJudged(record.id, report, record.trafficDigest, 0)
        return PolicyFacts.Canary(
            id: record.id,
            document: document.name,
            traffic: record.traffic,
            baseline: record.baseline,
            requests: record.requests,
            verdict: judged.verdict,
            time: record.finishedAt ?? record.startedAt,
            failedChecks: judged.failedChecks,
            requestsNeeded: judged.requestsNeeded,
            trafficRequests: before?.trafficRequests,
            summary: judged.summary,
            objection: PromotionEvidence.objection(to: record, verdict: judged.verdict, by: document),
            seq: before?.seq
        )
    }
}

extension PolicyFacts {
    /// The same facts with another finding of one canary.
    fileprivate func replacing(_ canary: Canary) -> PolicyFacts {
        with(canaries: canaries.filter { $0.id != canary.id } + [canary], live: live, rejection: rejection, hold: hold)
    }

    /// The same facts as they were when a run ended, as far as they can be known: what came after it is left out.
    fileprivate func asOf(_ record: CanaryRecord) -> PolicyFacts {
        let own = canaries.first { $0.id == record.id }
        let earlier = rejection.flatMap { rejection in own?.isNewer(than: rejection) == true ? rejection : nil }
        return with(
            canaries: canaries.filter { $0.id <= record.id },
            live: record.baseline,
            rejection: earlier,
            hold: nil
        )
    }

    private func with(canaries: [Canary], live: ReleaseID?, rejection: Rejection?, hold: Hold?) -> PolicyFacts {
        PolicyFacts(
            version: version,
            smoke: smoke,
            card: card,
            canaries: canaries,
            evaluations: evaluations,
            live: live,
            rejection: rejection,
            budgets: budgets,
            hold: hold,
            cannotRun: cannotRun,
            base: base,
            canaryPlans: canaryPlans,
            absentSuites: absentSuites
        )
    }
}
