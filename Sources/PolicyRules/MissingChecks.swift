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
            let gates = policy.gates.filter { $0.requirement.kind == .canary }
            checks += gates.compactMap { check(of: $0, rejection) }
            // Where no gate asks for one, any document brings the evidence that ends it.
            if gates.isEmpty {
                guard facts.cannotRun == nil, facts.canaryPlans?.isEmpty != true else { return nil }
                let document = facts.canaries.filter { $0.objection == nil && $0.baseline == facts.live }
                    .max { $0.id < $1.id }?.document
                checks.append(
                    MissingCheck(
                        gate: rejection.id,
                        work: .canary(document: document ?? facts.canaryPlans?.first?.name, undecided: nil),
                        next: rejection.remedy ?? "\(NextStep.policyExplain(.release(release), to: channel))"
                    )
                )
            }
        }
        return checks
    }

    /// What fills a gate; nil for those that no check fills.
    private func check(of gate: Gate, _ result: GateResult) -> MissingCheck? {
        guard facts.cannotRun == nil else { return nil }
        let work: MissingCheck.Work
        switch gate.requirement {
        case .evaluation(let requirement):
            if facts.absentSuites?.contains(requirement.suite) == true { return nil }
            work = .evaluation(suite: requirement.suite)
        case .canary(let requirement):
            if let plans = facts.canaryPlans, let document = requirement.using,
                !plans.contains(where: { $0.name == document })
            {
                return nil
            }
            switch undecided(by: requirement.using) {
            case .none: work = .canary(document: requirement.using, undecided: nil)
            case .some(.again(let undecided)): work = .canary(document: requirement.using, undecided: undecided)
            // The same again would say the same.
            case .some(.hopeless): return nil
            }
        case .smoke, .card, .errorBudget: return nil
        }
        return MissingCheck(
            gate: gate.id,
            work: work,
            next: result.remedy ?? "\(NextStep.policyExplain(.release(release), to: channel))"
        )
    }

    /// What to do about a canary that was undecided.
    private enum Undecided {
        /// More requests of its set would probably decide it.
        case again(MissingCheck.UndecidedCanary)
        /// No number of them would: nothing was shown, or the set is too small.
        case hopeless
    }

    /// The newest canary, when it was undecided.
    private func undecided(by document: Name?) -> Undecided? {
        let newest = facts.canaries
            .filter { $0.verdict != nil && $0.objection == nil && (document == nil || $0.document == document) }
            .filter { facts.live == nil || $0.baseline == facts.live }
            .max { $0.id < $1.id }
        guard let newest, newest.verdict == .inconclusive else { return nil }
        // Decisions of before do not say why it was undecided: it may be worth another run.
        guard let needed = newest.requestsNeeded else { return newest.summary == nil ? nil : .hopeless }
        switch MoreRequests(needed: needed, holds: newest.trafficRequests) {
        case .again(let requests): return .again(.init(id: newest.id, requestsNeeded: requests))
        case .larger: return .hopeless
        }
    }
}

extension MissingCheck {
    fileprivate var isCanary: Bool { if case .canary = work { true } else { false } }
}
