import PolicyRules
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// What lifts a rejection: the newest canary of each document that counts, never the best one, and nothing that speaks of
/// something else.
@Suite struct RejectionGateTests {
    private static let smoke = ["id: smoke, type: smoke, level: advisory"]
    private static let gated = ["id: canary, type: canary, level: overridable, using: tickets"]

    private func decide(
        _ gates: [String],
        _ canaries: [PolicyFacts.Canary],
        plans: [String]? = nil,
        cannotRun: [String]? = nil
    ) throws -> GateResult {
        let sample = try Sample()
        let facts = PolicyFacts(
            version: VersionID(sample.model, 2),
            canaries: canaries,
            live: sample.live,
            rejection: PolicyFacts.Rejection(reason: "complaints", time: Sample.ago(7200)),
            cannotRun: cannotRun,
            canaryPlans: try plans?.map {
                PolicyFacts.CanaryPlan(name: try Name($0), traffic: try Name("week47"), namesBaseline: $0 == "fixed")
            }
        )
        let decision = try sample.decide(try sample.policy(gates), facts)
        return try #require(decision.gates.first { $0.type == "rejected" })
    }

    @Test(
        arguments: [
            (smoke, [(1, Verdict.pass, "tickets", 3600.0)], true),
            // An older pass does not outrank what failed after it, by whichever document.
            (smoke, [(1, .pass, "tickets", 3600), (2, .fail, "tickets", 60)], false),
            (smoke, [(1, .pass, "weak", 3600), (2, .fail, "tickets", 60)], false),
            (smoke, [(1, .fail, "tickets", 3600), (2, .pass, "weak", 60)], false),
            (smoke, [(1, .pass, "tickets", 3600), (2, .inconclusive, "tickets", 60)], false),
            (smoke, [(1, .pass, "tickets", 3600), (2, .marginal, "tickets", 60)], false),
            (smoke, [(1, .fail, "tickets", 3600), (2, .pass, "tickets", 60)], true),
            // What is from before the rejection says nothing.
            (smoke, [(1, .pass, "tickets", 9000)], false),
            (smoke, [], false),
            // Where the gates name a document, only that one speaks.
            (gated, [(1, .pass, "weak", 60)], false),
            (gated, [(1, .pass, "tickets", 3600), (2, .fail, "weak", 60)], true),
            (gated, [(1, .pass, "tickets", 3600), (2, .fail, "tickets", 60)], false),
        ] as [([String], [(Int, Verdict, String, Double)], Bool)]
    )
    func theNewestDecides(_ gates: [String], _ canaries: [(Int, Verdict, String, Double)], isLifted: Bool) throws {
        let sample = try Sample()
        let facts = try canaries.map { try sample.canary($0.0, verdict: $0.1, ago: $0.3, document: $0.2) }
        for order in [facts, facts.reversed()] {
            let gate = try decide(gates, order)
            #expect(gate.state.isMet == isLifted, "\(gate.found)")
            #expect((gate.remedy == nil) == isLifted)
        }
    }

    /// A hold stands before a promotion; what is live already is not promoted.
    @Test func aHoldLeavesWhatIsLive() throws {
        let sample = try Sample()
        for isLive in [false, true] {
            let facts = PolicyFacts(
                version: VersionID(sample.model, 2),
                live: isLive ? sample.release : sample.live,
                hold: PolicyFacts.Hold(reason: "returned", time: Sample.ago(60))
            )
            let decision = try sample.decide(try sample.policy(Self.smoke), facts)
            #expect(decision.gates.first { $0.type == "hold" }?.blocks == !isLive)
        }
    }

    /// The number of requests that one check would need is not told beside the number that all would.
    @Test func aGateTellsOneNumber() throws {
        let sample = try Sample()
        let canary = PolicyFacts.Canary(
            id: CanaryID(7),
            document: try Name("tickets"),
            traffic: try Name("week47"),
            baseline: sample.live,
            requests: 200,
            verdict: .inconclusive,
            time: Sample.ago(60),
            requestsNeeded: 540,
            trafficRequests: 2000,
            summary:
                "answers: between 1 better and 3.2 points worse, you allow 2: about 270 requests would decide; 4 without"
        )
        let gate = try #require(
            try sample.decide(try sample.policy(Self.gated), sample.facts(canaries: [canary])).gates.first
        )
        #expect(!gate.found.contains("270") && gate.found.hasSuffix("you allow 2; 4 without"), "\(gate.found)")
        #expect(gate.remedy?.contains("about 540 requests in all") == true)
    }

    /// Evidence of an older build does not count, of evaluations either.
    @Test func anObjectionToAnEvaluationCounts() throws {
        let sample = try Sample()
        let evaluation = try sample.evaluation()
        let policy = try sample.policy([
            "id: golden, type: evaluation, level: overridable, suite: golden, metric: exact_match, atLeast: 0.9"
        ])
        #expect(try sample.decide(policy, sample.facts(evaluations: [evaluation])).isAllowed)
        let old = PolicyFacts.Evaluation(
            id: evaluation.id,
            suite: evaluation.suite,
            scores: evaluation.scores,
            time: evaluation.time,
            objection: "it was judged by the rules of an older build"
        )
        let decision = try sample.decide(policy, sample.facts(evaluations: [old]))
        #expect(!decision.isAllowed && decision.gates[0].state == .unknown)
        #expect(decision.gates[0].found == "e-51 does not count: it was judged by the rules of an older build")
    }

    /// The command that is printed can be run: it names a document where several are there, and a person where none helps.
    @Test func theEndThatIsPrintedWorks() throws {
        let run = "serin canary run ticket-bot@2"
        #expect(try decide(Self.smoke, [], plans: ["only"]).remedy == run)
        #expect(try decide(Self.smoke, [], plans: ["one", "two"]).remedy == run + " --using one")
        #expect(try decide(Self.gated, [], plans: ["tickets", "two"]).remedy == run + " --using tickets")
        #expect(
            try decide(Self.smoke, [], plans: ["fixed"]).remedy
                == run + " --against ticket-bot@production"
        )
        #expect(
            try decide(Self.smoke, [], plans: []).remedy
                == "apply a canary document first: serin apply -f canary.yaml"
        )
        #expect(
            try decide(Self.gated, [], plans: ["two"]).remedy
                == "canary document tickets is not there: serin apply -f tickets.yaml"
        )
        let elsewhere = try decide(Self.smoke, [], plans: ["one"], cannotRun: ["no tokenizer"]).remedy
        #expect(elsewhere?.contains("serin promote ticket-bot@2 --to production --override") == true)
    }
}
