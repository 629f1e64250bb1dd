import PolicyRules
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing

/// The gate errorBudget.
@Suite struct BudgetGateTests {
    private static let asked = "at least 25 % of the error budget of availability left"
    private static let explain = "serin slo explain availability --model ticket-bot"

    /// What is left (nil for unknown), and the line: state, blocks or not, finding, remedy.
    static let cases: [(left: Double?, line: String)] = [
        (1, "pass | - | 100 % left, counted until 2026-11-21T11:20:39Z | -"),
        (0.25, "pass | - | 25 % left, counted until 2026-11-21T11:20:39Z | -"),
        (0.249, "fail | blocks | 24.9 % left, counted until 2026-11-21T11:20:39Z | \(mend)"),
        (0, "fail | blocks | 0 % left, counted until 2026-11-21T11:20:39Z | \(mend)"),
        (-0.000_01, "fail | blocks | overspent by 0.1 %, counted until 2026-11-21T11:20:39Z | \(mend)"),
        (-99, "fail | blocks | overspent by 9900 %, counted until 2026-11-21T11:20:39Z | \(mend)"),
        (-.infinity, "unknown | blocks | the budget is unknown: no events | \(explain)"),
        (.nan, "unknown | blocks | the budget is unknown: no events | \(explain)"),
        (nil, "unknown | blocks | the budget is unknown: no events | \(explain)"),
    ]
    private static let mend = "mend what burns it, or wait until old bad events leave the window: \(explain)"

    private func line(_ gate: GateResult) -> String {
        [gate.state.rawValue, gate.blocks ? "blocks" : "-", gate.found, gate.remedy ?? "-"].joined(separator: " | ")
    }

    @Test(arguments: cases)
    func budget(_ left: Double?, _ expected: String) throws {
        let sample = try Sample()
        let policy = try sample.policy([
            "id: b, type: errorBudget, level: overridable, slo: availability, atLeast: 25 %"
        ])
        let other = PolicyFacts.Budget(slo: try Name("correctness"), remaining: 1, time: Sample.ago(5))
        let budget = PolicyFacts.Budget(
            slo: try Name("availability"),
            remaining: left,
            time: Sample.ago(5),
            problem: "no events"
        )
        let decision = try sample.decide(policy, sample.facts(budgets: [other, budget]))
        #expect(line(decision.gates[0]) == expected)
        #expect(decision.gates[0].required == Self.asked && decision.gates[0].evidence == ["availability"])
        #expect(decision.gates[0].type == "errorBudget")
    }

    /// What the gate says of missing evidence, the level, and the line when nobody knows the budget.
    static let missing: [(gate: String, line: String)] = [
        ("level: mandatory", "unknown | blocks"), ("level: overridable", "unknown | blocks"),
        ("level: advisory", "unknown | -"), ("level: overridable, onMissing: allow", "unknown | -"),
        ("level: overridable, onMissing: defer", "waiting | blocks"),
    ]

    @Test(arguments: missing)
    func aBudgetThatNobodyKnowsIsMissingEvidence(_ gate: String, _ expected: String) throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: b, type: errorBudget, slo: availability, atLeast: 0 %, \(gate)"])
        for budgets in [nil, []] as [[PolicyFacts.Budget]?] {
            let gate = try sample.decide(policy, sample.facts(budgets: budgets)).gates[0]
            #expect(
                line(gate) == expected + " | no SLO availability is for ticket-bot in production"
                    + " | apply an SLO of that name: serin apply -f availability.yaml"
            )
        }
    }

    @Test func factsFromBeforeThereWereBudgetsAreReadAndWrittenAsTheyWere() throws {
        let facts = PolicyFacts(version: VersionID(try Name("ticket-bot"), 2))
        let data = try CanonicalJSON.encode(facts)
        #expect(String(decoding: data, as: UTF8.self).contains("budgets") == false)
        #expect(try CanonicalJSON.decode(PolicyFacts.self, from: data) == facts)
    }
}
