public import RegistryRecords
import RegistryTypes
public import UserDocuments
import Wording

extension Decision {
    /// The checks that would fill the gates in the way, in the order of the gates; none when nothing is in the way, and
    /// nil when something else stays in the way whatever they say: then they are not worth running.
    ///
    /// - Parameter policy: The policy that decided.
    public func missingChecks(under policy: PolicyDocument) -> [MissingCheck]? {
        var checks: [MissingCheck] = []
        var rejection: GateResult?
        for result in blockers {
            guard let gate = policy.gates.first(where: { $0.id == result.id }) else {
                guard result.type == "rejected" else { return nil }
                rejection = result
                continue
            }
            guard result.state == .unknown || result.state == .waiting, let check = check(of: gate, result) else {
                return nil
            }
            checks.append(check)
        }
        if let rejection, !checks.contains(where: \.isCanary) {
            // A release that was taken back needs evidence newer than that, though the old one still fills its gate.
            checks += policy.gates.filter { $0.requirement.kind == .canary }.compactMap { check(of: $0, rejection) }
        }
        return checks
    }

    /// What fills a gate; nil for those that no check fills.
    private func check(of gate: Gate, _ result: GateResult) -> MissingCheck? {
        guard facts.cannotRun == nil else { return nil }
        let work: MissingCheck.Work
        switch gate.requirement {
        case .evaluation(let requirement): work = .evaluation(suite: requirement.suite)
        case .canary(let requirement):
            work = .canary(document: requirement.using, undecided: undecided(by: requirement.using))
        case .smoke, .card, .errorBudget: return nil
        }
        return MissingCheck(
            gate: gate.id,
            work: work,
            next: result.remedy ?? "\(NextStep.policyExplain(.release(release), to: channel))"
        )
    }

    /// The newest canary, when it was undecided and more requests would probably decide it.
    private func undecided(by document: Name?) -> MissingCheck.UndecidedCanary? {
        let newest = facts.canaries.filter { document == nil || $0.document == document }.max { $0.id < $1.id }
        guard let newest, newest.verdict == .inconclusive, let needed = newest.requestsNeeded else { return nil }
        return MissingCheck.UndecidedCanary(id: newest.id, requestsNeeded: needed)
    }
}

extension MissingCheck {
    fileprivate var isCanary: Bool { if case .canary = work { true } else { false } }
}
