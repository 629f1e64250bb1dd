import Foundation
import PolicyRules
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing
import UserDocuments

/// What the engine cannot run goes in only where the policy says so, and brings no evidence by that.
@Suite struct EngineGateTests {
    private let sample: Sample
    private static let reasons = ["architecture mamba is not supported", "no tokenizer", "third", "fourth", "fifth"]

    init() throws { sample = try Sample() }

    private func policy(_ gates: [String], says word: String?) throws -> PolicyRevision {
        try sample.revision(
            """
            apiVersion: serin/v1
            kind: Policy
            name: production
            for: { channel: production, models: ["*"] }
            \(word.map { "releaseWithoutEngine: \($0)\n" } ?? "")gates:
            \(gates.map { "  - { \($0) }" }.joined(separator: "\n"))
            """
        )
    }

    @Test(arguments: [nil, "refuse"] as [String?])
    func refusedUnlessThePolicySaysOtherwise(word: String?) throws {
        let policy = try policy(["id: card, type: card, level: advisory"], says: word)
        for override in [nil, Override(by: "admin", reason: "it must be")] {
            let decision = try sample.decide(policy, sample.facts(cannotRun: Self.reasons), override: override)
            #expect(decision.outcome == .refused)
            let gate = try #require(decision.gates.first { $0.type == "engine" })
            #expect(gate.state == .fail && gate.blocks && gate.level == .mandatory)
            #expect(
                gate.found
                    == "ticket-bot@2 cannot be run here: architecture mamba is not supported; no tokenizer; third; and 2 more"
            )
            #expect(gate.remedy?.contains("serin policy show production") == true)
            #expect(decision.missingChecks(under: policy.document) == nil)
        }
        // What can be run is not asked.
        #expect(try sample.decide(policy, sample.facts()).gates.map(\.type) == ["card"])
    }

    @Test func allowedByName() throws {
        let policy = try policy(["id: card, type: card, level: advisory"], says: "allow")
        let decision = try sample.decide(policy, sample.facts(cannotRun: ["no"]))
        #expect(decision.outcome == .allowed)
        let gate = try #require(decision.gates.first { $0.type == "engine" })
        #expect(gate.state == .pass && gate.required == "policy production allows a release without an engine")
        #expect(gate.found == "ticket-bot@2 cannot be run here: no; nothing here loads it or answers with it")
    }

    /// That it is allowed is no evidence for a gate that needs an answer.
    @Test(arguments: [
        "id: x, type: smoke, level: mandatory", "id: x, type: canary, level: mandatory",
        "id: x, type: evaluation, level: mandatory, suite: golden, metric: exact_match, atLeast: 0.9",
    ])
    func unknownStaysUnknown(gate: String) throws {
        let policy = try policy([gate], says: "allow")
        let decision = try sample.decide(policy, sample.facts(cannotRun: ["no"]))
        #expect(decision.outcome == .refused)
        #expect(decision.gates[0].state == .unknown && decision.gates[0].blocks)
        #expect(decision.gates[0].remedy == "no check can be run here: see the gate engine")
        // Nothing is offered to be run.
        #expect(decision.missingChecks(under: policy.document) == nil)
    }

    /// A policy that says the usual is the policy that says nothing; what was stored before stays what it was.
    @Test func theUsualHasTheDigestItHad() throws {
        let gates = ["id: card, type: card, level: advisory"]
        let silent = try policy(gates, says: nil).document
        #expect(try policy(gates, says: "refuse").document == silent)
        #expect(try policy(gates, says: "refuse").document.digest() == silent.digest())
        #expect(try policy(gates, says: "allow").document.digest() != silent.digest())
        let text = String(decoding: try CanonicalJSON.encode(silent), as: UTF8.self)
        #expect(!text.contains("releaseWithoutEngine"))
        let allowed = try policy(gates, says: "allow").document
        #expect(try CanonicalJSON.decode(PolicyDocument.self, from: CanonicalJSON.encode(allowed)) == allowed)
        let facts = String(decoding: try CanonicalJSON.encode(sample.facts()), as: UTF8.self)
        #expect(!facts.contains("cannotRun"))
    }
}
