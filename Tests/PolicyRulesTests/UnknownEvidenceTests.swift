import PolicyRules
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// Nothing is promoted on unknown: gates of canaries and evaluations over all that evidence can be.
@Suite struct UnknownEvidenceTests {
    private func canary(
        _ sample: Sample,
        _ verdict: Verdict?,
        id: Int = 204,
        needed: Int? = nil,
        holds: Int? = nil,
        summary: String? = nil,
        stopped: String? = nil
    ) throws -> PolicyFacts.Canary {
        PolicyFacts.Canary(
            id: CanaryID(id),
            document: try Name("tickets"),
            traffic: try Name("week47"),
            baseline: ReleaseID(try Name("ticket-bot"), 1),
            requests: 400,
            verdict: verdict,
            time: Sample.ago(60),
            requestsNeeded: needed,
            trafficRequests: holds,
            summary: summary,
            stopped: stopped
        )
    }

    /// Every verdict there is, one that runs, one that was stopped, and none at all: only a pass lets through.
    @Test(arguments: [Verdict.pass, .marginal, .inconclusive, .fail, nil], [false, true])
    func onlyAPassIsOne(_ verdict: Verdict?, isStopped: Bool) throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable, using: tickets, verdict: pass"])
        let stopped = isStopped && verdict == nil ? "cancelled by anna" : nil
        let facts = sample.facts(canaries: [try canary(sample, verdict, stopped: stopped)])
        let decision = try sample.decide(policy, facts)
        let gate = decision.gates[0]
        #expect((decision.outcome == .allowed) == (verdict == .pass), "\(gate)")
        #expect(gate.blocks == (verdict != .pass))
        #expect((gate.state == .pass) == (verdict == .pass))
        if verdict == .inconclusive || verdict == nil { #expect(gate.state == .unknown) }
        if let stopped { #expect(gate.found == "c-204 was stopped without a verdict: \(stopped)") }
        if verdict == nil, !isStopped { #expect(gate.found == "c-204 still runs") }
    }

    /// Why nothing was decided stands in the gate, and what is advised can be done.
    @Test func theReasonAndTheNumberReachTheGate() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable, using: tickets, verdict: pass"])
        let why = "answers correct: the baseline is good on none of 400 requests"
        func gate(needed: Int?, holds: Int?) throws -> GateResult {
            let canary = try canary(sample, .inconclusive, needed: needed, holds: holds, summary: why)
            return try sample.decide(policy, sample.facts(canaries: [canary])).gates[0]
        }
        let nothing = try gate(needed: nil, holds: 600)
        #expect(nothing.found.hasSuffix(why))
        #expect(nothing.remedy == "serin canary show c-204")
        #expect(
            try gate(needed: 1025, holds: 2000).remedy
                == "about 1,100 requests in all would probably decide: "
                + "serin canary run ticket-bot@2 --using tickets --traffic week47 --requests 1100"
        )
        #expect(
            try gate(needed: 1025, holds: 1050).remedy?.hasSuffix("--requests 1050") == true,
            "as many as there are, where rounding would ask for more"
        )
        #expect(
            try gate(needed: 1025, holds: 600).remedy
                == "about 1,100 requests in all would probably decide, and week47 holds 600: freeze or import a larger set "
                + "and name it in canary document tickets: serin traffic freeze NAME --model ticket-bot --sample 1100"
        )
    }

    /// Of evaluations only a rate or a bound over enough cases is one.
    @Test func evaluations() throws {
        let sample = try Sample()
        let rate = try sample.policy([
            "id: golden, type: evaluation, level: overridable, suite: golden, metric: exact_match, atLeast: 0.93, bound: value"
        ])
        func decide(good: Int, of samples: Int) throws -> GateResult {
            let evaluation = try sample.evaluation(good: good, samples: samples, lower95: 0.9)
            return try sample.decide(rate, sample.facts(evaluations: [evaluation])).gates[0]
        }
        #expect(try decide(good: 5, of: 5).state == .unknown)
        #expect(try decide(good: 5, of: 5).found.contains("a rate of fewer than 100 cases says little"))
        #expect(try decide(good: 99, of: 99).blocks)
        #expect(try decide(good: 100, of: 100).state == .pass)
        #expect(try decide(good: 0, of: 0).state == .unknown)
        let bound = try sample.policy([
            "id: golden, type: evaluation, level: overridable, suite: golden, metric: exact_match, atLeast: 0.93"
        ])
        for (samples, lower) in [(0, 0.99), (0, Double.nan), (300, .nan)] {
            let evaluation = try sample.evaluation(good: samples, samples: samples, lower95: lower)
            let gate = try sample.decide(bound, sample.facts(evaluations: [evaluation])).gates[0]
            #expect(gate.state == .unknown && gate.blocks)
        }
    }
}
