public import RegistryRecords
public import RegistryTypes
import UserDocuments

/// Answers whether a channel may move to a release: `(policy, facts, now) → decision`, nothing else is looked at.
///
/// Every gate is evaluated and shown, also after one has said no. Evidence that is missing is never read as a pass,
/// and a mandatory gate that is not met stands in the way whatever the policy says about missing evidence and
/// whoever overrides it.
public enum PolicyEvaluator {
    /// The decision about moving `channel` to `release`.
    ///
    /// - Parameters:
    ///   - policy: The policy for the channel and the model; nil when there is none, which refuses the move.
    ///   - facts: What is known about the release, gathered before.
    ///   - override: Who moves against the policy, and why; nil when nobody does.
    ///   - now: The moment of the decision; evidence has an age.
    /// - Throws: ``PolicyRulesError/overrideWithoutReason``.
    public static func evaluate(
        policy: PolicyRevision?,
        release: ReleaseID,
        channel: Name,
        facts: PolicyFacts,
        override: Override? = nil,
        now: Timestamp
    ) throws(PolicyRulesError) -> Decision {
        if let override, isBlank(override.reason) || isBlank(override.by) { throw .overrideWithoutReason }
        let judge = GateJudge(release: release, channel: channel, facts: facts, now: now)
        var gates: [GateResult] = []
        if let policy {
            for gate in policy.document.gates {
                gates.append(
                    judge.finding(for: gate.requirement)
                        .result(
                            id: gate.id,
                            type: gate.requirement.kind.rawValue,
                            level: gate.level,
                            onMissing: gate.onMissing ?? policy.document.onMissing,
                            isOverridden: override != nil
                        )
                )
            }
            if let hold = facts.hold, let id = try? Name("hold") {
                gates.append(
                    judge.finding(during: hold)
                        .result(
                            id: id,
                            type: "hold",
                            level: .overridable,
                            onMissing: .block,
                            isOverridden: override != nil
                        )
                )
            }
            if let rejection = facts.rejection, let id = try? Name("rejected") {
                gates.append(
                    judge.finding(after: rejection)
                        .result(
                            id: id,
                            type: "rejected",
                            level: .overridable,
                            onMissing: .block,
                            isOverridden: override != nil
                        )
                )
            }
        } else if let id = try? Name("policy") {
            gates.append(
                Finding(
                    state: .unmet,
                    required: "a policy for \(release.model) in \(channel)",
                    found: "no policy is for them, so nothing may move",
                    remedy: "serin apply -f \(channel).yaml"
                ).result(id: id, type: "policy", level: .mandatory, onMissing: .block, isOverridden: false)
            )
        }
        return Decision(
            release: release,
            channel: channel,
            policy: policy.map(PolicyReference.init),
            time: now,
            outcome: outcome(of: gates),
            override: override,
            gates: gates,
            facts: facts
        )
    }

    private static func outcome(of gates: [GateResult]) -> Decision.Outcome {
        let blockers = gates.filter(\.blocks)
        // A policy has at least one gate; a decision without any has asked nothing and allows nothing.
        if blockers.isEmpty { return gates.isEmpty ? .refused : .allowed }
        return blockers.allSatisfy { $0.state == .waiting } ? .waiting : .refused
    }

    private static func isBlank(_ text: String) -> Bool { text.utf8.allSatisfy { $0 <= 0x20 } }
}
