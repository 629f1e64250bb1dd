import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

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
                remedy: "apply an SLO of that name: serin apply -f \(slo).yaml"
            )
        }
        let explain = "serin slo explain \(slo) --model \(release.model)"
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
        let until = ", counted until \(NumberText.ago(now.seconds(since: budget.time)))"
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
