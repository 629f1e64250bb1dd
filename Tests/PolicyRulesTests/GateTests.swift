import PolicyRules
import RegistryRecords
import RegistryTypes
import Testing

/// Each gate says what it asks, what it found and what to do.
@Suite struct GateTests {
    /// The one gate of a decision in one line: state, blocks or not, requirement, finding, remedy, evidence.
    private func line(_ decision: Decision, _ index: Int = 0) -> String {
        let gate = decision.gates[index]
        return [
            gate.state.rawValue, gate.blocks ? "blocks" : "-", gate.required, gate.found, gate.remedy ?? "-",
            gate.evidence.joined(separator: ","),
        ].joined(separator: " | ")
    }

    @Test func smoke() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: smoke, type: smoke, level: mandatory"])
        let asked = "the version loads and answers"
        #expect(
            line(try sample.decide(policy, sample.facts(smoke: sample.smoke())))
                == "pass | - | \(asked) | loaded in 30.0 ms at 2026-11-21T11:17:44Z | - | "
        )
        #expect(
            line(try sample.decide(policy, sample.facts(smoke: sample.smoke(false))))
                == "fail | blocks | \(asked) | tensor x is too short | serin version show ticket-bot@2 | "
        )
        #expect(
            line(try sample.decide(policy, sample.facts()))
                == "unknown | blocks | \(asked) | ticket-bot@2 was never loaded | publish a version with weights the "
                + "engine can load: serin publish PATH --model ticket-bot | "
        )
    }

    /// What a card gate asks, how many of the ten fields are filled, and the line.
    static let cards: [(gate: String, present: Int?, line: String)] = [
        ("complete: 80 %", 8, "pass | - | complete 80 % | 80 % complete | - | "),
        (
            "complete: 80 %", 7,
            "fail | blocks | complete 80 % | 70 % complete, empty are evaluation, risks, trainingData"
                + " | serin version card ticket-bot@2 | "
        ),
        (
            "complete: 80 %", nil,
            "unknown | blocks | complete 80 % | ticket-bot@2 has no card | publish again with a card: "
                + "serin publish PATH --model ticket-bot --card card.md | "
        ),
        ("complete: 70 %", 7, "pass | - | complete 70 % | 70 % complete | - | "),
        (
            "complete: 71 %", 7,
            "fail | blocks | complete 71 % | 70 % complete, empty are evaluation, risks, trainingData | serin version card ticket-bot@2 | "
        ),
        ("complete: 0 %", 0, "pass | - | complete 0 % | 0 % complete | - | "),
        ("complete: 100 %", 10, "pass | - | complete 100 % | 100 % complete | - | "),
        (
            "require: [license, risks]", 9,
            "fail | blocks | has license, risks | 90 % complete, lacks risks | serin version card ticket-bot@2 | "
        ),
        (
            "complete: 95 %, require: [risks]", 10,
            "pass | - | complete 95 %, has risks | 100 % complete | - | "
        ),
        (
            "complete: 10 %, require: [license, owner, limitations]", 5,
            "fail | blocks | complete 10 %, has license, owner, limitations | 50 % complete, lacks limitations"
                + " | serin version card ticket-bot@2 | "
        ),
    ]

    @Test(arguments: cards)
    func card(_ gate: String, _ present: Int?, _ expected: String) throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: card, type: card, level: mandatory, \(gate)"])
        let decision = try sample.decide(policy, sample.facts(card: present.map(sample.card)))
        #expect(line(decision) == expected)
    }

    private static let golden =
        "lower 95 % bound of exact_match on golden at least 0.93, 200 cases or more, at most 7 d old"

    /// A field is a metric of its own: the score of another one, or of the whole answer, does not stand for it.
    @Test func evaluationOfAField() throws {
        let sample = try Sample()
        let policy = try sample.policy([
            "id: golden, type: evaluation, level: overridable, suite: golden, metric: field_match, field: intent, atLeast: 0.93"
        ])
        func line(_ metric: String) throws -> String {
            self.line(try sample.decide(policy, sample.facts(evaluations: [sample.evaluation(metric: metric)])))
        }
        #expect(try line(#"field_match(field="intent")"#).hasPrefix("pass"))
        #expect(try line(#"field_match(field="order")"#).contains(#"e-51 has no field_match(field="intent")"#))
        #expect(try line("exact_match").hasPrefix("unknown"))
    }

    @Test func evaluation() throws {
        let sample = try Sample()
        let policy = try sample.policy([
            "id: golden, type: evaluation, level: overridable, suite: golden, metric: exact_match, atLeast: 0.93, minSamples: 200, maxAge: 7 d"
        ])
        func line(_ evaluations: PolicyFacts.Evaluation...) throws -> String {
            self.line(try sample.decide(policy, sample.facts(evaluations: evaluations)))
        }
        let again = "serin eval run ticket-bot@2 --suite golden"
        let asked = Self.golden
        #expect(try line() == "unknown | blocks | \(asked) | no evaluation of ticket-bot@r2 on golden | \(again) | ")
        #expect(
            try line(sample.evaluation(lower95: 0.93))
                == "pass | - | \(asked) | e-51: 0.95 of 300 cases, at least 0.93 with 95 % confidence, at 2026-11-21T10:20:44Z | - | e-51"
        )
        #expect(
            try line(sample.evaluation(lower95: 0.92999))
                == "fail | blocks | \(asked) | e-51: 0.95 of 300 cases, at least 0.9299 with 95 % confidence, at 2026-11-21T10:20:44Z"
                + " | serin eval show e-51 | e-51"
        )
        #expect(
            try line(sample.evaluation(good: 199, samples: 199, lower95: 0.98))
                == "unknown | blocks | \(asked) | e-51: 1 of 199 cases, at least 0.98 with 95 % confidence, at 2026-11-21T10:20:44Z"
                + " | add 1 labelled cases to golden, then: \(again) | e-51"
        )
        #expect(try line(sample.evaluation(good: 200, samples: 200, lower95: 0.98)).hasPrefix("pass"))
        #expect(
            try line(sample.evaluation(ago: 7 * 86_400 + 1))
                == "unknown | blocks | \(asked) | e-51 is too old: it ended at 2026-11-14T11:20:43Z | \(again) | e-51"
        )
        #expect(try line(sample.evaluation(ago: 7 * 86_400)).hasPrefix("pass"))
        #expect(try line(sample.evaluation(ago: -60)).contains("at 2026-11-21T11:21:44Z"))
        #expect(
            try line(sample.evaluation(metric: "json_valid"))
                == "unknown | blocks | \(asked) | e-51 has no exact_match | serin eval show e-51 | e-51"
        )
        #expect(try line(sample.evaluation(samples: 0)).hasPrefix("unknown"))
        #expect(try line(sample.evaluation(lower95: .nan)).hasPrefix("unknown"))
        #expect(try line(sample.evaluation(suite: "other")).contains("no evaluation"))
        // The newest decides, in whatever order they are given, and whatever a clock that went back says.
        let good = try sample.evaluation(50, ago: 100), bad = try sample.evaluation(51, lower95: 0.5, ago: 200)
        #expect(try line(bad, good).hasPrefix("fail"))
        #expect(try line(good, bad).hasPrefix("fail"))
        #expect(try line(sample.evaluation(52, ago: 300), bad).hasPrefix("pass"))
        #expect(try line(sample.evaluation(49, ago: 300), bad).hasPrefix("fail"))
        #expect(try line(bad, sample.evaluation(49, ago: 200)).hasPrefix("fail"))
    }

    @Test func evaluationByTheRateFound() throws {
        let sample = try Sample()
        let policy = try sample.policy([
            "id: golden, type: evaluation, level: advisory, suite: golden, metric: exact_match, atLeast: 95 %, bound: value"
        ])
        let asked = "exact_match on golden at least 0.95"
        #expect(
            line(try sample.decide(policy, sample.facts(evaluations: [sample.evaluation(lower95: 0.5)])))
                == "pass | - | \(asked) | e-51: 0.95 of 300 cases, at 2026-11-21T10:20:44Z | - | e-51"
        )
        let below = try sample.decide(policy, sample.facts(evaluations: [sample.evaluation(good: 284, lower95: 0.99)]))
        #expect(
            line(below)
                == "fail | - | \(asked) | e-51: 0.9466 of 300 cases, at 2026-11-21T10:20:44Z | serin eval show e-51 | e-51"
        )
        #expect(below.isAllowed)
    }

    private static let asked = "a canary by tickets against the live release with verdict pass, at most 7 d old"

    @Test func canary() throws {
        let sample = try Sample()
        let policy = try sample.policy([
            "id: canary, type: canary, level: overridable, using: tickets, verdict: pass, maxAge: 7 d"
        ])
        func line(_ canaries: PolicyFacts.Canary...) throws -> String {
            self.line(try sample.decide(policy, sample.facts(canaries: canaries)))
        }
        let asked = Self.asked
        #expect(
            try line()
                == "unknown | blocks | \(asked) | no canary by tickets of ticket-bot@r2 against ticket-bot@r1"
                + " | serin canary run ticket-bot@2 --using tickets | "
        )
        #expect(
            try line(sample.canary())
                == "pass | - | \(asked) | c-204 is pass, 2,000 requests, at 2026-11-21T10:20:44Z | - | c-204"
        )
        #expect(
            try line(sample.canary(verdict: .fail, failed: ["answers correct", "valid JSON"]))
                == "fail | blocks | \(asked) | c-204 is fail, 2,000 requests, at 2026-11-21T10:20:44Z: answers correct, valid JSON"
                + " | serin canary show c-204 | c-204"
        )
        #expect(
            try line(sample.canary(verdict: .inconclusive, requests: 1100, needed: 2000))
                == "unknown | blocks | \(asked) | c-204 is inconclusive, 1,100 requests, at 2026-11-21T10:20:44Z"
                + " | about 2,000 requests in all would probably decide: serin canary run ticket-bot@2 --using tickets --traffic week47 --requests 2000 | c-204"
        )
        #expect(
            try line(sample.canary(verdict: .inconclusive))
                == "unknown | blocks | \(asked) | c-204 is inconclusive, 2,000 requests, at 2026-11-21T10:20:44Z"
                + " | serin canary show c-204 | c-204"
        )
        #expect(
            try line(sample.canary(verdict: .marginal, failed: ["answers correct"]))
                == "fail | blocks | \(asked) | c-204 is marginal, 2,000 requests, at 2026-11-21T10:20:44Z: answers correct; really worse, the size may"
                + " be allowed | a person decides: serin canary show c-204, then serin promote ticket-bot@2 --to production"
                + " --override --reason TEXT | c-204"
        )
        #expect(
            try line(sample.canary(ago: 9 * 86_400))
                == "unknown | blocks | \(asked) | c-204 is too old: pass at 2026-11-12T11:20:44Z"
                + " | serin canary run ticket-bot@2 --using tickets --traffic week47 | c-204"
        )
        #expect(try line(sample.canary(ago: 7 * 86_400)).hasPrefix("pass"))
        #expect(try line(sample.canary(ago: 7 * 86_400 + 1)).hasPrefix("unknown"))
        #expect(
            try line(sample.canary(verdict: nil))
                == "unknown | blocks | \(asked) | c-204 still runs | serin canary watch c-204 | c-204"
        )
        #expect(
            try line(sample.canary(baseline: ReleaseID(sample.model, 7)))
                == "unknown | blocks | \(asked) | c-204 compared with ticket-bot@r7, but ticket-bot@r1 is live now"
                + " | serin canary run ticket-bot@2 --using tickets --traffic week47 | "
        )
        #expect(
            try line(sample.canary(document: "other"))
                == "unknown | blocks | \(asked) | c-204 was by other, none by tickets"
                + " | serin canary run ticket-bot@2 --using tickets | "
        )
    }

    @Test func theNewestCanaryDecidesAndEarlierFailuresAreShown() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable"])
        let passed = try sample.canary(204, ago: 200)
        let failed = try sample.canary(205, verdict: .fail, ago: 100)
        #expect(!(try sample.decide(policy, sample.facts(canaries: [failed, passed]))).isAllowed)
        let again = try sample.canary(206, ago: 50)
        let decision = try sample.decide(policy, sample.facts(canaries: [again, failed, passed]))
        #expect(decision.isAllowed)
        #expect(
            decision.gates[0].found == "c-206 is pass, 2,000 requests, at 2026-11-21T11:19:54Z; c-205 failed before"
        )
        #expect(decision.gates[0].evidence == ["c-206", "c-205"])
        let running = try sample.canary(207, verdict: nil, ago: 1)
        #expect(try sample.decide(policy, sample.facts(canaries: [running, again])).isAllowed)
    }

    @Test func evidenceThatIsTooOldSaysWhenNewerEvidenceIsOnItsWay() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable, maxAge: 1 h"])
        let old = try sample.canary(ago: 7200), running = try sample.canary(205, verdict: nil, ago: 5)
        let gate = try sample.decide(policy, sample.facts(canaries: [old, running])).gates[0]
        #expect(gate.found == "c-204 is too old: pass at 2026-11-21T09:20:44Z; c-205 still runs")
        #expect(gate.remedy == "serin canary watch c-205")
    }

    @Test func outsideProductionTheCommandNamesWhatToCompareWith() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable"])
        let decision = try PolicyEvaluator.evaluate(
            policy: policy,
            release: sample.release,
            channel: try Name("staging"),
            facts: sample.facts(),
            now: Sample.now
        )
        #expect(decision.gates[0].remedy == "serin canary run ticket-bot@2 --against ticket-bot@staging")
    }

    @Test func marginalIsEnoughOnlyWhereThePolicySaysSo() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: mandatory, verdict: marginal"])
        for verdict in Verdict.allCases {
            let decision = try sample.decide(policy, sample.facts(canaries: [sample.canary(verdict: verdict)]))
            #expect(decision.isAllowed == (verdict == .pass || verdict == .marginal))
        }
    }

    @Test func nothingLiveToCompareWithDoesNotBlockBeingLiveAlreadyNeither() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: mandatory"])
        let first = try sample.decide(policy, sample.facts(isLive: false))
        #expect(first.gates[0].state == .notApplicable)
        #expect(first.gates[0].found == "nothing is live in production to compare with")
        #expect(first.isAllowed)
        let same = try PolicyEvaluator.evaluate(
            policy: policy,
            release: sample.live,
            channel: sample.channel,
            facts: sample.facts(),
            now: Sample.now
        )
        #expect(same.gates[0].found == "ticket-bot@r1 is what is live in production")
        #expect(same.isAllowed)
    }

    @Test func aRejectedReleaseNeedsEvidenceFromAfterTheRejection() throws {
        let sample = try Sample()
        let policy = try sample.policy(["id: canary, type: canary, level: overridable"])
        let rejection = PolicyFacts.Rejection(reason: "JSON broken for refunds", time: Sample.ago(1000))
        func decide(_ ago: Double?, _ verdict: Verdict = .pass, baseline: ReleaseID? = nil) throws -> Decision {
            let canaries = try ago.map { [try sample.canary(verdict: verdict, ago: $0, baseline: baseline)] } ?? []
            return try sample.decide(policy, sample.facts(canaries: canaries, rejection: rejection))
        }
        let old = try decide(1000)
        #expect(!old.isAllowed)
        #expect(old.gates.map(\.id.text) == ["canary", "rejected"])
        #expect(old.gates[0].found == "c-204 is from before the release was rejected")
        #expect(
            line(old, 1)
                == "fail | blocks | new evidence since the release was rejected in production | rejected at 2026-11-21T11:04:04Z: JSON broken for"
                + " refunds | serin canary run ticket-bot@2 | "
        )
        #expect(!(try decide(nil)).isAllowed)
        #expect(!(try decide(999, .inconclusive)).isAllowed)
        #expect(!(try decide(999, baseline: ReleaseID(sample.model, 7))).isAllowed)
        let fresh = try decide(999)
        #expect(fresh.isAllowed)
        #expect(fresh.gates[1].found == "c-204 is pass since then")
        // Also where no gate asks for a canary.
        let bare = try sample.policy(["id: smoke, type: smoke, level: mandatory"])
        for (baseline, isAllowed) in [(ReleaseID(sample.model, 7), false), (sample.live, true)] {
            let canaries = try [sample.canary(ago: 999, baseline: baseline)]
            let facts = sample.facts(smoke: sample.smoke(), canaries: canaries, rejection: rejection)
            #expect(try sample.decide(bare, facts).isAllowed == isAllowed)
        }
    }
}
