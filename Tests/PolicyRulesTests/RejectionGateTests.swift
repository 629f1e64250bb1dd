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
