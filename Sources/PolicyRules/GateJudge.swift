import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// Compares each kind of requirement with the facts about one release.
struct GateJudge {
    let release: ReleaseID
    let channel: Name
    let facts: PolicyFacts
    let now: Timestamp

    /// What the facts say about `requirement`.
    func finding(for requirement: Gate.Requirement) -> Finding {
        switch requirement {
        case .smoke: smoke()
        case .card(let requirement): card(requirement)
        case .canary(let requirement): canary(requirement)
        case .evaluation(let requirement): evaluation(requirement)
        case .errorBudget(let requirement): errorBudget(requirement)
        }
    }

    private func smoke() -> Finding {
        let required = "the version loads and answers"
        guard let smoke = facts.smoke else {
            return Finding(
                state: .missing,
                required: required,
                found: "\(facts.version) was never loaded",
                remedy:
                    "publish a version with weights the engine can load: serin publish PATH --model \(release.model)"
            )
        }
        guard smoke.result.passed else {
            return Finding(
                state: .unmet,
                required: required,
                found: smoke.result.problem ?? "it did not load",
                remedy: "serin version show \(facts.version)"
            )
        }
        let load = smoke.result.loadSeconds.map { " in \(NumberText.duration($0))" } ?? ""
        return Finding(
            state: .met,
            required: required,
            found: "loaded\(load), \(NumberText.ago(now.seconds(since: smoke.time)))"
        )
    }

    private func card(_ requirement: CardRequirement) -> Finding {
        var wanted = requirement.complete.map { ["complete \(NumberText.good($0, 1))"] } ?? []
        if !requirement.require.isEmpty {
            wanted.append("has \(requirement.require.map(\.rawValue).joined(separator: ", "))")
        }
        let required = wanted.isEmpty ? "a card" : wanted.joined(separator: ", ")
        guard let card = facts.card else {
            return Finding(
                state: .missing,
                required: required,
                found: "\(facts.version) has no card",
                remedy: "publish again with a card: serin publish PATH --model \(release.model) --card card.md"
            )
        }
        let lacking = requirement.require.map(\.rawValue).filter { !card.present.contains($0) }
        // Shares are fractions of a few fields; the small term forgives their last bit.
        let isComplete = requirement.complete.map { card.completeness + 1e-9 >= $0 } ?? true
        var found = "\(NumberText.good(card.completeness, 1)) complete"
        if !lacking.isEmpty {
            found += ", lacks \(lacking.joined(separator: ", "))"
        } else if !isComplete, !card.missing.isEmpty {
            found += ", empty are \(card.missing.joined(separator: ", "))"
        }
        return Finding(
            state: isComplete && lacking.isEmpty ? .met : .unmet,
            required: required,
            found: found,
            remedy: "serin version card \(facts.version)"
        )
    }

    private func evaluation(_ requirement: EvaluationRequirement) -> Finding {
        let bound = requirement.bound == .lower95 ? "lower 95 % bound of " : ""
        var required =
            "\(bound)\(requirement.metric.rawValue) on \(requirement.suite) at least "
            + NumberText.floored(requirement.atLeast, 4)
        if requirement.minSamples > 1 { required += ", \(NumberText.count(requirement.minSamples)) cases or more" }
        if let age = requirement.maxAgeSeconds { required += ", at most \(NumberText.setTime(age)) old" }
        let again = "serin eval run \(facts.version) --suite \(requirement.suite)"
        // The newest one decides, not the best one: running it until it passes must not help.
        let newest = facts.evaluations.filter { $0.suite == requirement.suite }
            .max { ($0.time, $0.id) < ($1.time, $1.id) }
        guard let newest else {
            return Finding(
                state: .missing,
                required: required,
                found: "no evaluation of \(release) on \(requirement.suite)",
                remedy: again
            )
        }
        let id = newest.id.description
        let when = NumberText.ago(now.seconds(since: newest.time))
        func finding(_ state: Finding.State, _ found: String, _ remedy: String?) -> Finding {
            Finding(state: state, required: required, found: found, remedy: remedy, evidence: [id])
        }
        if isTooOld(newest.time, requirement.maxAgeSeconds) {
            return finding(.missing, "\(id) is too old: \(when)", again)
        }
        let score = newest.scores.first { $0.metric == requirement.metric.rawValue }
        guard let score, let value = score.value, let lower = score.lower95, value.isFinite, lower.isFinite else {
            return finding(.missing, "\(id) has no \(requirement.metric.rawValue)", "serin eval show \(id)")
        }
        let rate = "\(id): \(NumberText.floored(value, 4)) of \(NumberText.count(score.samples)) cases"
        let spread = ", at least \(NumberText.floored(lower, 4)) with 95 % confidence"
        let found = rate + (requirement.bound == .lower95 ? spread : "") + ", \(when)"
        guard score.samples >= requirement.minSamples else {
            let more = NumberText.count(requirement.minSamples - score.samples)
            return finding(
                .undecided,
                found,
                "add \(more) labelled cases to \(requirement.suite), then: \(again)"
            )
        }
        let judged = requirement.bound == .lower95 ? lower : value
        guard judged >= requirement.atLeast else { return finding(.unmet, found, "serin eval show \(id)") }
        return finding(.met, found, nil)
    }

    /// Whether evidence from `time` is older than `limit` seconds. Evidence from the future is not old.
    func isTooOld(_ time: Timestamp, _ limit: Double?) -> Bool {
        limit.map { now.seconds(since: time) > $0 } ?? false
    }
}
