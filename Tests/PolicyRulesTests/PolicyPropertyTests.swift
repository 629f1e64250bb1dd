import PolicyRules
import RegistryRecords
import RegistryTypes
import SeededRandom
import StrictJSON
import Testing
import UserDocuments

/// Random policies over random facts: what must hold for all of them.
@Suite struct PolicyPropertyTests {
    private struct World {
        var random: SplitMix64
        let sample: Sample

        mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
        mutating func pick<Value>(_ values: [Value]) -> Value {
            values[Int.random(in: 0..<values.count, using: &random)]
        }

        mutating func policy() throws -> PolicyRevision {
            let count = Int.random(in: 1...5, using: &random)
            let gates = (0..<count).map { index -> String in
                let level = pick(["mandatory", "overridable", "advisory"])
                var missing = pick(["", "", ", onMissing: block", ", onMissing: defer"])
                if level != "mandatory", chance(20) { missing = ", onMissing: allow" }
                let type = pick([
                    "smoke", "card, complete: 50 %", "card, require: [risks]", "canary", "canary, maxAge: 1 h",
                    "canary, using: tickets, verdict: marginal",
                    "evaluation, suite: golden, metric: exact_match, atLeast: 0.9, minSamples: 100",
                    "evaluation, suite: golden, metric: exact_match, atLeast: 0.9, bound: value, maxAge: 1 h",
                    "errorBudget, slo: availability, atLeast: 25 %",
                ])
                return "id: g\(index), type: \(type), level: \(level)\(missing)"
            }
            let withoutEngine = pick(["", "\nreleaseWithoutEngine: allow"])
            return try sample.policy(gates, onMissing: pick(["block", "defer", "allow"]) + withoutEngine)
        }

        mutating func facts() throws -> PolicyFacts {
            var canaries: [PolicyFacts.Canary] = []
            for number in 0..<Int.random(in: 0...3, using: &random) {
                canaries.append(
                    try sample.canary(
                        number + 1,
                        verdict: chance(10) ? nil : pick(Verdict.allCases),
                        ago: Double(Int.random(in: -10...7300, using: &random)),
                        baseline: chance(30) ? ReleaseID(sample.model, 9) : nil,
                        document: pick(["tickets", "other"]),
                        needed: pick([nil, 1, 5000])
                    )
                )
            }
            var evaluations: [PolicyFacts.Evaluation] = []
            for number in 0..<Int.random(in: 0...2, using: &random) {
                let samples = pick([0, 99, 100, 300])
                evaluations.append(
                    try sample.evaluation(
                        number + 1,
                        good: samples,
                        samples: samples,
                        lower95: pick([0.85, 0.9, 0.95, nil]),
                        ago: Double(Int.random(in: 0...7300, using: &random)),
                        suite: pick(["golden", "other"])
                    )
                )
            }
            var budgets: [PolicyFacts.Budget] = []
            for slo in ["availability", "correctness"] where chance(70) {
                let left: Double? = pick([nil, 1, 0.5, 0.25, 0.2, 0, -3, .nan])
                budgets.append(PolicyFacts.Budget(slo: try Name(slo), remaining: left, time: Sample.ago(5)))
            }
            return sample.facts(
                smoke: chance(30) ? nil : sample.smoke(chance(70)),
                card: chance(30) ? nil : sample.card(pick([0, 4, 5, 9, 10])),
                canaries: canaries,
                evaluations: evaluations,
                isLive: chance(80),
                rejection: chance(15) ? PolicyFacts.Rejection(reason: "r", time: Sample.ago(3000)) : nil,
                budgets: chance(10) ? nil : budgets,
                cannotRun: chance(10) ? ["architecture mamba is not supported"] : nil
            )
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func holds(_ seed: UInt64) throws {
        var world = World(random: SplitMix64(seed: seed), sample: try Sample())
        var allowed = 0, overridden = 0, waiting = 0
        for _ in 0..<500 {
            let policy = try world.policy()
            let facts = try world.facts()
            let plain = try world.sample.decide(policy, facts)
            let forced = try world.sample.decide(policy, facts, override: Override(by: "ops", reason: "because"))
            for decision in [plain, forced] {
                #expect(
                    decision.gates.count == policy.document.gates.count + (facts.rejection == nil ? 0 : 1)
                        + (facts.cannotRun == nil ? 0 : 1)
                )
                #expect(decision.isAllowed == decision.gates.allSatisfy { !$0.blocks })
                for gate in decision.gates {
                    // A mandatory gate lets through only what passes or cannot be asked.
                    if gate.level == .mandatory { #expect(gate.blocks == !gate.state.isMet) }
                    if gate.level == .advisory { #expect(!gate.blocks) }
                    if gate.state == .fail, gate.level != .advisory { #expect(gate.blocks) }
                    if gate.state.isMet { #expect(gate.remedy == nil) } else { #expect(gate.remedy != nil) }
                    #expect(!gate.required.isEmpty && !gate.found.isEmpty)
                }
            }
            for (one, other) in zip(plain.gates, forced.gates) {
                if one.level == .overridable, one.blocks {
                    #expect(other.state == .overridden && !other.blocks)
                } else {
                    #expect(one == other)
                }
            }
            #expect(!plain.gates.contains { $0.state == .overridden })
            // The order in which facts were gathered means nothing.
            let shuffled = PolicyFacts(
                version: facts.version,
                smoke: facts.smoke,
                card: facts.card,
                canaries: facts.canaries.reversed(),
                evaluations: facts.evaluations.reversed(),
                live: facts.live,
                rejection: facts.rejection,
                budgets: facts.budgets?.reversed(),
                cannotRun: facts.cannotRun
            )
            #expect(try world.sample.decide(policy, shuffled).gates == plain.gates)
            #expect(!plain.isAllowed || forced.isAllowed)
            #expect(try CanonicalJSON.decode(Decision.self, from: CanonicalJSON.encode(forced)) == forced)
            allowed += plain.isAllowed ? 1 : 0
            overridden += forced.isOverridden ? 1 : 0
            waiting += plain.outcome == .waiting ? 1 : 0
        }
        // The worlds are varied enough to mean something.
        #expect(allowed > 20 && allowed < 400 && overridden > 20 && waiting > 5)
    }
}
