import PolicyRules
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing

/// Decisions.
@Suite struct DecisionTests {
    private static let smoke = "id: smoke, type: smoke, level: mandatory"
    private static let canary = "id: canary, type: canary, level: overridable"

    @Test func withoutAPolicyNothingMovesAndNoOverrideHelps() throws {
        let sample = try Sample()
        let override = Override(by: "ops", reason: "urgent")
        let decision = try sample.decide(nil, sample.facts(smoke: sample.smoke()), override: override)
        #expect(decision.outcome == .refused)
        #expect(decision.policy == nil)
        #expect(decision.gates.map(\.found) == ["no policy is for them, so nothing may move"])
        #expect(decision.gates[0].remedy == "serin apply -f production.yaml")
    }

    @Test func anOverrideChangesOverridableGatesOnlyAndNeedsAReason() throws {
        let sample = try Sample()
        let policy = try sample.policy([Self.smoke, Self.canary])
        let override = Override(by: "ops", reason: "the old one is down")
        let failed = try [sample.canary(verdict: .fail)]
        let plain = try sample.decide(policy, sample.facts(smoke: sample.smoke(), canaries: failed))
        #expect(plain.outcome == .refused)
        #expect(!plain.isOverridden)
        let overridden = try sample.decide(
            policy,
            sample.facts(smoke: sample.smoke(), canaries: failed),
            override: override
        )
        #expect(overridden.outcome == .allowed)
        #expect(overridden.isOverridden)
        #expect(overridden.override == override)
        #expect(overridden.gates.map(\.state) == [.pass, .overridden])
        #expect(overridden.gates[1].found == plain.gates[1].found)
        let mandatory = try sample.decide(
            policy,
            sample.facts(smoke: sample.smoke(false), canaries: failed),
            override: override
        )
        #expect(mandatory.outcome == .refused)
        #expect(mandatory.gates.map(\.state) == [.fail, .overridden])
        let needless = try sample.decide(
            policy,
            sample.facts(smoke: sample.smoke(), canaries: [sample.canary()]),
            override: override
        )
        #expect(needless.isAllowed && !needless.isOverridden && needless.override == override)
        for blank in ["", " ", "\n\t "] {
            #expect(throws: PolicyRulesError.overrideWithoutReason) {
                try sample.decide(policy, sample.facts(), override: Override(by: "ops", reason: blank))
            }
            #expect(throws: PolicyRulesError.overrideWithoutReason) {
                try sample.decide(policy, sample.facts(), override: Override(by: blank, reason: "x"))
            }
        }
    }

    /// What the policy and the gate say about missing evidence, the level, and what becomes of a missing canary.
    static let missingCases:
        [(policy: String, gate: String?, level: String, state: GateState, outcome: Decision.Outcome)] = [
            ("block", nil, "overridable", .unknown, .refused),
            ("defer", nil, "overridable", .waiting, .waiting),
            ("allow", nil, "overridable", .unknown, .allowed),
            ("allow", "block", "overridable", .unknown, .refused),
            ("block", "allow", "overridable", .unknown, .allowed),
            ("block", "defer", "mandatory", .waiting, .waiting),
            ("allow", nil, "mandatory", .unknown, .refused),
            ("block", nil, "advisory", .unknown, .allowed),
            ("defer", nil, "advisory", .waiting, .allowed),
        ]

    @Test(arguments: missingCases)
    func missing(
        _ policy: String,
        _ gate: String?,
        _ level: String,
        _ state: GateState,
        _ outcome: Decision.Outcome
    ) throws {
        let sample = try Sample()
        let own = gate.map { ", onMissing: \($0)" } ?? ""
        let revision = try sample.policy(["id: canary, type: canary, level: \(level)\(own)"], onMissing: policy)
        let decision = try sample.decide(revision, sample.facts())
        #expect(decision.gates[0].state == state)
        #expect(decision.outcome == outcome)
        // An undecided canary is not missing: `allow` does not let it through.
        let undecided = try sample.decide(revision, sample.facts(canaries: [sample.canary(verdict: .inconclusive)]))
        #expect(undecided.outcome == (level == "advisory" ? .allowed : .refused))
    }

    @Test func aRefusalOutweighsWaitingAndEveryGateIsShown() throws {
        let sample = try Sample()
        let policy = try sample.policy([Self.canary, Self.smoke], onMissing: "defer")
        #expect(try sample.decide(policy, sample.facts()).outcome == .waiting)
        let decision = try sample.decide(policy, sample.facts(smoke: sample.smoke(false)))
        #expect(decision.outcome == .refused)
        #expect(decision.gates.map(\.id.text) == ["canary", "smoke"])
        #expect(decision.blockers.count == 2)
    }

    @Test func aDecisionIsStoredWithAllItUsedAndComesBackEqual() throws {
        let sample = try Sample()
        let policy = try sample.policy([Self.smoke, Self.canary])
        let facts = try sample.facts(
            smoke: sample.smoke(),
            card: sample.card(),
            canaries: [sample.canary(failed: ["x"], needed: 3)],
            evaluations: [sample.evaluation()],
            rejection: PolicyFacts.Rejection(reason: "r", time: Sample.ago(1.5))
        )
        let decision = try sample.decide(policy, facts, override: Override(by: "ops", reason: "why"))
            .numbered(DecisionID(1190))
        #expect(decision.id?.description == "dec-1190")
        #expect(decision.policy?.description == "production rev 5")
        let again = try CanonicalJSON.decode(Decision.self, from: CanonicalJSON.encode(decision))
        #expect(again == decision)
        // The same inputs give the same answer.
        let recomputed = try PolicyEvaluator.evaluate(
            policy: policy,
            release: again.release,
            channel: again.channel,
            facts: again.facts,
            override: again.override,
            now: again.time
        )
        #expect(recomputed.numbered(DecisionID(1190)) == decision)
    }
}
