import PolicyRules
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// Which checks would change the answer of a policy.
@Suite struct MissingChecksTests {
    private let model: Name, golden: Name, tickets: Name, gate: Name
    private let policy: PolicyDocument

    init() throws {
        (model, golden) = (try Name("ticket-bot"), try Name("golden"))
        (tickets, gate) = (try Name("tickets"), try Name("canary"))
        policy = PolicyDocument(
            name: try Name("production"),
            scope: .init(channel: try Name("production"), models: []),
            gates: [
                Gate(id: try Name("smoke"), level: .mandatory, requirement: .smoke),
                Gate(id: try Name("card"), level: .mandatory, requirement: .card(CardRequirement(complete: 0.8))),
                Gate(
                    id: golden,
                    level: .overridable,
                    requirement: .evaluation(EvaluationRequirement(suite: golden, metric: .exactMatch, atLeast: 0.93))
                ),
                Gate(id: gate, level: .overridable, requirement: .canary(CanaryRequirement(using: tickets))),
            ]
        )
    }

    private func decision(_ gates: [(String, GateState)], canaries: [PolicyFacts.Canary] = []) throws -> Decision {
        Decision(
            release: ReleaseID(model, 2),
            channel: try Name("production"),
            policy: nil,
            time: Timestamp(milliseconds: 0),
            outcome: .refused,
            gates: try gates.map { id, state in
                GateResult(
                    id: try Name(id),
                    type: id,
                    level: .overridable,
                    state: state,
                    required: "",
                    found: "",
                    remedy: "serin \(id)",
                    blocks: !state.isMet
                )
            },
            facts: PolicyFacts(version: VersionID(model, 2), canaries: canaries)
        )
    }

    private func canary(_ verdict: Verdict?, needed: Int?, at seconds: Double) -> PolicyFacts.Canary {
        PolicyFacts.Canary(
            id: CanaryID(Int(seconds)),
            document: tickets,
            traffic: golden,
            baseline: ReleaseID(model, 1),
            requests: 200,
            verdict: verdict,
            time: Timestamp(milliseconds: 0).adding(seconds: seconds),
            requestsNeeded: needed
        )
    }

    private func newCanary(next: String = "serin canary") -> MissingCheck {
        MissingCheck(gate: gate, work: .canary(document: tickets, undecided: nil), next: next)
    }

    @Test func evaluationsAndCanariesComeInTheOrderOfTheGates() throws {
        let gates: [(String, GateState)] = [
            ("smoke", .pass), ("card", .pass), ("golden", .unknown), ("canary", .waiting),
        ]
        #expect(
            try decision(gates).missingChecks(under: policy)
                == [
                    MissingCheck(gate: golden, work: .evaluation(suite: golden), next: "serin golden"), newCanary(),
                ]
        )
    }

    @Test(arguments: [
        [("card", GateState.fail), ("canary", .unknown)], [("card", .unknown)],
        [("smoke", .unknown), ("canary", .unknown)], [("hold", .fail), ("canary", .unknown)],
        [("canary", .fail)], [("policy", .fail)], [("elsewhere", .unknown)],
    ])
    func nothingIsMissingWhereACheckCannotChangeTheAnswer(_ gates: [(String, GateState)]) throws {
        #expect(try decision(gates).missingChecks(under: policy) == nil)
    }

    @Test func whatIsMetIsNotAskedForAgain() throws {
        let gates: [(String, GateState)] = [("golden", .pass), ("canary", .notApplicable)]
        #expect(try decision(gates).missingChecks(under: policy) == [])
    }

    @Test func anUndecidedCanarySaysHowManyRequestsItNeeds() throws {
        let undecided = [canary(.inconclusive, needed: 1400, at: 2), canary(.fail, needed: nil, at: 1)]
        #expect(
            try decision([("canary", .unknown)], canaries: undecided).missingChecks(under: policy)?.map(\.work)
                == [.canary(document: tickets, undecided: .init(id: CanaryID(2), requestsNeeded: 1400))]
        )
        let later = undecided + [canary(.pass, needed: nil, at: 3)]
        #expect(
            try decision([("canary", .unknown)], canaries: later).missingChecks(under: policy) == [newCanary()]
        )
    }

    @Test func aReleaseThatWasTakenBackGetsANewCanary() throws {
        #expect(
            try decision([("rejected", .fail), ("canary", .pass)]).missingChecks(under: policy)
                == [newCanary(next: "serin rejected")]
        )
        #expect(
            try decision([("rejected", .fail), ("canary", .unknown)]).missingChecks(under: policy) == [newCanary()]
        )
    }

    /// A rejection alone in the way is evidence to be brought too, where no gate asks for a canary.
    @Test func aRejectionWithoutACanaryGateGetsACanary() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: smoke, type: smoke, level: advisory"])
        func checks(_ plans: [String], cannotRun: [String]? = nil) throws -> [MissingCheck.Work]? {
            let facts = PolicyFacts(
                version: VersionID(sample.model, 2),
                live: sample.live,
                rejection: PolicyFacts.Rejection(reason: "bad", time: Sample.ago(60)),
                cannotRun: cannotRun,
                canaryPlans: try plans.map {
                    PolicyFacts.CanaryPlan(name: try Name($0), traffic: golden, namesBaseline: false)
                }
            )
            return try sample.decide(policy, facts).missingChecks(under: policy.document)?.map(\.work)
        }
        #expect(try checks(["tickets", "weak"]) == [.canary(document: tickets, undecided: nil)])
        #expect(try checks([]) == nil)
        #expect(try checks(["tickets"], cannotRun: ["no tokenizer"]) == nil)
    }

    @Test func anAnswerOfTheEvaluatorSaysWhatItLacks() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable, using: tickets"])
        let decision = try sample.decide(policy, sample.facts())
        #expect(
            decision.missingChecks(under: policy.document)?.map { $0.next }
                == ["serin canary run ticket-bot@2 --using tickets"]
        )
    }
}
