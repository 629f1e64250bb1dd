import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

/// Compares each kind of requirement with the facts about one release.
struct GateJudge {
    let release: ReleaseID
    let channel: Name
    let facts: PolicyFacts
    /// What commands call the release.
    let subject: NextStep.Subject
    let now: Timestamp

    /// What the facts say about `requirement`.
    func finding(for requirement: Gate.Requirement) -> Finding {
        var finding = compared(with: requirement)
        // Nothing that has to be run here can bring evidence about what cannot be run here.
        if facts.cannotRun != nil, finding.state != .met, finding.state != .notApplicable {
            switch requirement {
            case .smoke, .canary, .evaluation:
                finding.remedy = "no check can be run here: see the gate engine"
            case .card, .errorBudget: break
            }
        }
        return finding
    }

    private func compared(with requirement: Gate.Requirement) -> Finding {
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
                found: facts.cannotRun == nil
                    ? "\(facts.version) was never loaded" : "\(facts.version) cannot be run here and was never loaded",
                remedy:
                    "publish a version with weights the engine can load: \(.publish(model: release.model))"
            )
        }
        guard smoke.result.passed else {
            return Finding(
                state: .unmet,
                required: required,
                found: smoke.result.problem ?? "it did not load",
                remedy: "\(.versionShow(facts.version))"
            )
        }
        let load = smoke.result.loadSeconds.map { " in \(NumberText.duration($0))" } ?? ""
        return Finding(
            state: .met,
            required: required,
            found: "loaded\(load) at \(TimeText.second(smoke.time))"
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
                remedy:
                    "publish again with a card: \(.publish(model: release.model, card: true, base: facts.base.map { .version($0) } ?? .none))"
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
            remedy: "\(.versionCard(facts.version))"
        )
    }

    private func evaluation(_ requirement: EvaluationRequirement) -> Finding {
        let bound = requirement.bound == .lower95 ? "lower 95 % bound of " : ""
        var required =
            "\(bound)\(requirement.measure.identity) on \(requirement.suite) at least "
            + NumberText.floored(requirement.atLeast, 4)
        if requirement.minSamples > 1 { required += ", \(NumberText.count(requirement.minSamples)) cases or more" }
        if let age = requirement.maxAgeSeconds { required += ", at most \(NumberText.setTime(age)) old" }
        let again = Advice(.evaluationRun(subject, suite: requirement.suite))
        // The newest one decides, not the best one: running it until it passes must not help. Newest by number: a clock may
        // go back.
        let newest = facts.evaluations.filter { $0.suite == requirement.suite }
            .max { $0.id < $1.id }
        if facts.absentSuites?.contains(requirement.suite) == true {
            return Finding(
                state: .missing,
                required: required,
                found: "there is no suite \(requirement.suite)",
                remedy: "import it first: \(.trafficImport(name: requirement.suite))"
            )
        }
        guard let newest else {
            return Finding(
                state: .missing,
                required: required,
                found: "no evaluation of \(release) on \(requirement.suite)",
                remedy: again
            )
        }
        let id = newest.id
        let when = "at \(TimeText.second(newest.time))"
        func finding(_ state: Finding.State, _ found: String, _ remedy: Advice?) -> Finding {
            Finding(state: state, required: required, found: found, remedy: remedy, evidence: [id.description])
        }
        if let objection = newest.objection { return finding(.missing, "\(id) does not count: \(objection)", again) }
        if isTooOld(newest.time, requirement.maxAgeSeconds) {
            return finding(.missing, "\(id) is too old: it ended \(when)", again)
        }
        let score = newest.scores.first { $0.metric == requirement.measure.identity }
        guard let score, let value = score.value, let lower = score.lower95, value.isFinite, lower.isFinite else {
            return finding(.missing, "\(id) has no \(requirement.measure.identity)", "\(.evaluationShow(id))")
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
        // The rate of a few cases says little, whatever it is; a bound says so by itself.
        if requirement.bound == .value, requirement.minSamples == 1, score.samples < requirement.metric.minimumSamples {
            let wanted = NumberText.count(requirement.metric.minimumSamples)
            return finding(
                .undecided,
                "\(found); a rate of fewer than \(wanted) cases says little",
                "add cases to \(requirement.suite), or ask for bound: lower95, or for minSamples, in the policy"
            )
        }
        let judged = requirement.bound == .lower95 ? lower : value
        guard judged >= requirement.atLeast else { return finding(.unmet, found, "\(.evaluationShow(id))") }
        return finding(.met, found, nil)
    }

    /// Whether evidence from `time` is older than `limit` seconds. Evidence from the future is not old.
    func isTooOld(_ time: Timestamp, _ limit: Double?) -> Bool {
        limit.map { now.seconds(since: time) > $0 } ?? false
    }
}

extension GateJudge {
    /// What is left of an error budget. A budget nobody knows is missing evidence, never a full one.
    func errorBudget(_ requirement: BudgetRequirement) -> Finding {
        let slo = requirement.slo
        let required = "at least \(NumberText.good(requirement.atLeast, 1)) of the error budget of \(slo) left"
        guard let budget = facts.budgets?.first(where: { $0.slo == slo }) else {
            return Finding(
                state: .missing,
                required: required,
                found: "no SLO \(slo) is for \(release.model) in \(channel)",
                remedy: "apply an SLO of that name: \(.apply(file: "\(slo).yaml"))"
            )
        }
        let explain = Advice(.sloExplain(slo, model: release.model))
        guard let remaining = budget.remaining else {
            let why = budget.problem ?? "there are no counts"
            return Finding(
                state: .missing,
                required: required,
                found: "the budget is unknown: \(why)",
                remedy: explain,
                evidence: [slo.text]
            )
        }
        let until = ", counted until \(TimeText.second(budget.time))"
        guard remaining + 1e-9 >= requirement.atLeast else {
            return Finding(
                state: .unmet,
                required: required,
                found: NumberText.budgetLeft(remaining) + until,
                remedy: "mend what burns it, or wait until old bad events leave the window: \(explain)",
                evidence: [slo.text]
            )
        }
        return Finding(
            state: .met,
            required: required,
            found: NumberText.budgetLeft(remaining) + until,
            evidence: [slo.text]
        )
    }
}

extension GateJudge {
    /// Whether the policy lets in what the engine here cannot run. Unknown stays unknown: that it is allowed is no
    /// evidence for any other gate.
    func finding(withoutEngine reasons: [String], under policy: PolicyRevision) -> Finding {
        let found = "\(facts.version) cannot be run here: \(CannotRun.words(reasons))"
        let name = policy.document.name
        switch policy.document.releaseWithoutEngine ?? .refuse {
        case .allow:
            return Finding(
                state: .met,
                required: "policy \(name) allows a release without an engine",
                found: "\(found); nothing here loads it or answers with it"
            )
        case .refuse:
            return Finding(
                state: .unmet,
                required: "an engine here that runs it, for policy \(name) allows no release without one",
                found: found,
                remedy:
                    "publish it in a form that runs here: \(.publish(model: release.model)); or, where it is served elsewhere, say \"releaseWithoutEngine: allow\" in the policy: \(.policyShow(name))"
            )
        }
    }

    /// A hold stands in the way whatever the evidence says: a release was just taken back, and a person has to look
    /// before the next one goes in.
    func finding(during hold: PolicyFacts.Hold) -> Finding {
        // What is live is not promoted: a hold lets it stay.
        Finding(
            state: facts.live == release ? .notApplicable : .unmet,
            required: "no hold on \(release.model)@\(channel)",
            found: "placed at \(TimeText.second(hold.time)): \(hold.reason)",
            remedy: "\(.rolloutResume(release.model, channel: channel))"
        )
    }
}

/// What the facts say about one requirement, before anybody asks what that means for the move.
struct Finding: Equatable {
    /// How the facts compare with the requirement.
    enum State: Equatable {
        /// There, and good enough.
        case met
        /// There, and not good enough.
        case unmet
        /// There, and too little to say.
        case undecided
        /// Not there, or too old to count.
        case missing
        /// There is nothing to ask.
        case notApplicable
    }

    var state: State
    var required: String
    var found: String
    var remedy: Advice?
    var evidence: [String] = []

    /// What this means for a gate of `level`, where missing evidence means `onMissing`.
    func result(
        id: Name,
        type: String,
        level: Gate.Level,
        onMissing: OnMissing,
        isOverridden: Bool
    ) -> GateResult {
        let isMet = state == .met || state == .notApplicable
        let isLetThrough = state == .missing && onMissing == .allow && level != .mandatory
        let wouldBlock = !isMet && !isLetThrough && level != .advisory
        let isOverriddenHere = wouldBlock && isOverridden && level == .overridable
        return GateResult(
            id: id,
            type: type,
            level: level,
            state: isOverriddenHere ? .overridden : gateState(onMissing),
            required: required,
            found: found,
            remedy: isMet ? nil : remedy?.text,
            evidence: evidence,
            blocks: wouldBlock && !isOverriddenHere
        )
    }

    private func gateState(_ onMissing: OnMissing) -> GateState {
        switch state {
        case .met: .pass
        case .unmet: .fail
        case .undecided: .unknown
        case .missing: onMissing == .defer ? .waiting : .unknown
        case .notApplicable: .notApplicable
        }
    }
}
