public import RegistryRecords
public import RegistryTypes
import UserDocuments
public import Wording

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
    ///   - subject: What commands call the release: by its number once the log holds it. Its version when nil, which is
    ///     another release where settings or a prompt were chosen.
    ///   - override: Who moves against the policy, and why; nil when nobody does.
    ///   - now: The moment of the decision; evidence has an age.
    /// - Throws: ``PolicyRulesError/overrideWithoutReason``.
    public static func evaluate(
        policy: PolicyRevision?,
        release: ReleaseID,
        channel: Name,
        facts: PolicyFacts,
        named subject: NextStep.Subject? = nil,
        override: Override? = nil,
        now: Timestamp
    ) throws(PolicyRulesError) -> Decision {
        if let override, isBlank(override.reason) || isBlank(override.by) { throw .overrideWithoutReason }
        let judge = GateJudge(
            release: release,
            channel: channel,
            facts: facts,
            subject: subject ?? .version(facts.version),
            now: now
        )
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
            if let reasons = facts.cannotRun, let id = try? Name("engine") {
                gates.append(
                    judge.finding(withoutEngine: reasons, under: policy)
                        .result(id: id, type: "engine", level: .mandatory, onMissing: .block, isOverridden: false)
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
                    judge.finding(after: rejection, askedBy: policy.document.canaryDocuments)
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
                    remedy: "\(.apply(file: "\(channel).yaml"))"
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

extension PolicyDocument {
    /// The canary documents that its gates name; none where one of them takes any.
    var canaryDocuments: [Name] {
        let gates = gates.compactMap { gate -> CanaryRequirement? in
            if case .canary(let requirement) = gate.requirement { requirement } else { nil }
        }
        let named = gates.compactMap(\.using)
        return named.count == gates.count ? named : []
    }
}

/// Finds the one policy that decides about a model in a channel.
public enum PolicySelection {
    /// The narrowest of `policies` for `model` in `channel`: an exact name beats any glob, a longer glob a shorter one.
    /// Nil when none is for them; then nothing may move.
    ///
    /// - Throws: ``PolicyRulesError/ambiguous(_:_:channel:model:)`` when two are equally narrow.
    public static func select(
        from policies: [PolicyRevision],
        model: Name,
        channel: Name
    ) throws(PolicyRulesError) -> PolicyRevision? {
        var best: [(policy: PolicyRevision, specificity: Int)] = []
        for policy in policies where policy.document.scope.channel == channel {
            guard let specificity = policy.document.scope.specificity(for: model) else { continue }
            if specificity > best.first?.specificity ?? -1 {
                best = [(policy, specificity)]
            } else if specificity == best.first?.specificity {
                best.append((policy, specificity))
            }
        }
        let names = best.map(\.policy.document.name).sorted()
        guard names.count <= 1 else {
            throw .ambiguous(names[0], names[1], channel: channel, model: model)
        }
        return best.first?.policy
    }
}

/// Why a policy cannot be asked.
public enum PolicyRulesError: Error, Equatable, Sendable {
    /// Two policies are for the same channel and model, equally narrowly.
    case ambiguous(Name, Name, channel: Name, model: Name)
    /// An override without a reason, or by nobody.
    case overrideWithoutReason
}

extension PolicyRulesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ambiguous(let first, let second, let channel, let model):
            "policies \(first) and \(second) are equally narrow for \(model) in \(channel): "
                + "name the model in one of them, or change its channel"
        case .overrideWithoutReason:
            "an override needs a reason: say why with --reason"
        }
    }
}
