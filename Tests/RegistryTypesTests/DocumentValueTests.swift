import Foundation
import RegistryTypes
import StrictJSON
import Testing
import UserDocuments

/// What the keys and units of documents become.
@Suite struct DocumentValueTests {
    private func document(_ name: String) throws -> Document {
        let bytes = try Array(Data(contentsOf: DocumentCaseTests.folder.appending(path: name)))
        return try DocumentFile(bytes: bytes, name: name).entries[0].document
    }

    @Test func aPolicyWithEveryKey() throws {
        guard case .policy(let policy) = try document("valid-policy-full.yaml") else {
            Issue.record("not a policy")
            return
        }
        let golden = try Name("golden")
        #expect(policy.scope.models.map(\.text) == ["*", "chat-*", "ticket-bot"])
        #expect(policy.scope.specificity(for: try Name("chat-bot")) == 5)
        #expect(
            policy.gates.map(\.requirement) == [
                .smoke,
                .card(CardRequirement(complete: 0.8, require: [.intendedUse, .limitations, .license, .task])),
                .evaluation(
                    EvaluationRequirement(
                        suite: golden,
                        metric: .exactMatch,
                        atLeast: 0.93,
                        bound: .lower95,
                        minSamples: 200,
                        maxAgeSeconds: 1_209_600
                    )
                ),
                .evaluation(
                    EvaluationRequirement(
                        suite: golden,
                        metric: .jsonValid,
                        atLeast: 0.99,
                        bound: .value,
                        minSamples: 1
                    )
                ),
                .canary(CanaryRequirement(verdict: .pass, using: try Name("tickets"), maxAgeSeconds: 604_800)),
                .errorBudget(BudgetRequirement(slo: try Name("availability"), atLeast: 0.25)),
            ]
        )
        let levels = policy.gates.map(\.level)
        #expect(levels == [.mandatory, .mandatory, .overridable, .advisory, .overridable, .overridable])
        #expect(policy.gates.map(\.onMissing) == [nil, nil, nil, .allow, .defer, nil])
        #expect(policy.rollout == Rollout(strategy: .direct, probationSeconds: 1800, holdback: 0.1))
        #expect(
            policy.rollBackWhen == [
                .burn(rate: 14.4, longSeconds: 3600, shortSeconds: 300),
                .worseThanPrevious(what: "bad answers", error: 0.01), .engineFailures(3),
            ]
        )
    }

    @Test func aPolicyWithAsFewKeysAsPossible() throws {
        guard case .policy(let policy) = try document("valid-several.yaml") else {
            Issue.record("not a policy")
            return
        }
        #expect(policy.onMissing == .block)
        #expect(policy.rollout == Rollout(strategy: .direct, probationSeconds: 0, holdback: 0))
        #expect(policy.rollBackWhen.isEmpty)
    }

    @Test func aCanaryWithEveryKey() throws {
        guard case .canary(let canary) = try document("valid-canary-full.yaml") else {
            Issue.record("not a canary")
            return
        }
        #expect(canary.compare.seed == 4242)
        #expect(canary.compare.against == .release(12))
        #expect(canary.compare.requests == 2000)
        #expect(canary.compare.lookEvery == 250 && canary.compare.extendTo == 4000)
        let metrics: [Metric] = [
            .exactMatch, .jsonValid, .availability, .refusal, .timeToFirstToken, .timePerOutputToken, .totalTime,
            .outputTokens, .baselineLogProbability,
        ]
        #expect(canary.checks.map(\.metric) == metrics)
        #expect(canary.checks.map(\.margin) == [0.02, 0.01, 0.01, 0.005, 0.1, 0.05, 0.05, 0.1, 0.02])
        #expect(canary.checks.map(\.isCritical) == [true, true] + Array(repeating: false, count: 7))
        #expect(canary.checks.filter(\.isWatchOnly).map(\.name) == ["first token", "likelihood"])
        let first = canary.checks[4]
        #expect(first.slowerThan == CanaryCheck.Tail(factor: 1.5, share: 0.01))
        #expect(first.over == CanaryCheck.Limit(seconds: 0.8, share: 0.01))
        #expect(canary.promise.wronglyReject == 0.01)
        #expect(canary.slices?.by == ["language", "length", "locale"])
        #expect(
            canary.slices?.protect == [
                .init(slice: "locale", value: "de", check: "answers correct", margin: 0.04),
                .init(slice: "length", value: "under 100 bytes", check: "length"),
            ]
        )
    }

    /// A metric, its key, its kind and its default margin, as the documentation states them.
    static let metrics: [(metric: Metric, key: String, kind: Metric.Kind, margin: Double, told: String)] = [
        (.exactMatch, "mayDrop", .binary, 0.02, ""), (.fieldMatch, "mayDrop", .binary, 0.02, "field: a"),
        (.fieldAccuracy, "mayDrop", .score, 0.02, ""), (.labelRecall, "mayDrop", .binary, 0.02, "label: a"),
        (.labelPrecision, "mayDrop", .score, 0.02, "label: a, field: b"),
        (.numericMatch, "mayDrop", .binary, 0.02, "tolerance: 1 %"), (.editSimilarity, "mayDrop", .score, 0.02, ""),
        (.tokenF1, "mayDrop", .score, 0.02, ""), (.rougeL, "mayDrop", .score, 0.02, ""),
        (.embeddingExpected, "mayDrop", .score, 0.02, ""), (.toolName, "mayDrop", .binary, 0.02, ""),
        (.toolArguments, "mayDrop", .binary, 0.02, ""), (.jsonValid, "mayDrop", .binary, 0.005, ""),
        (.availability, "mayDrop", .binary, 0.01, ""), (.jsonText, "mayDrop", .binary, 0.005, ""),
        (.schemaValid, "mayDrop", .binary, 0.005, "schema: { type: object }"),
        (.contains, "mayDrop", .binary, 0.02, "texts: [a]"), (.containsNot, "mayDrop", .binary, 0.02, "texts: [a]"),
        (.regex, "mayDrop", .binary, 0.02, "pattern: a"), (.blockedPattern, "mayGrow", .binary, 0.005, "patterns: [a]"),
        (.personalData, "mayGrow", .binary, 0.005, ""), (.languageKept, "mayDrop", .binary, 0.01, ""),
        (.refusal, "mayGrow", .binary, 0.02, ""), (.truncation, "mayGrow", .binary, 0.02, ""),
        (.repetition, "mayGrow", .binary, 0.02, ""), (.loop, "mayGrow", .binary, 0.02, ""),
        (.baselineAgreement, "mayDrop", .binary, 0.05, ""), (.firstDivergence, "mayDrop", .score, 0.05, ""),
        (.embeddingBaseline, "mayDrop", .score, 0.02, ""), (.topTokenChanged, "mayGrow", .score, 0.05, ""),
        (.tokenDivergence, "mayGrow", .score, 0.02, ""), (.baselineLogProbability, "mayDrop", .score, 0.01, ""),
        (.timeToFirstToken, "mayGrow", .duration, 0.05, ""), (.timePerOutputToken, "mayGrow", .duration, 0.05, ""),
        (.totalTime, "mayGrow", .duration, 0.05, ""), (.outputTokens, "mayGrow", .amount, 0.1, ""),
        (.answerLength, "mayGrow", .amount, 0.1, ""), (.reasoningLength, "mayGrow", .amount, 0.1, ""),
        (.cost, "mayGrow", .amount, 0.1, "promptPrice: 1, outputPrice: 2"),
    ]

    @Test func theCatalogueOfMetrics() throws {
        #expect(Self.metrics.map(\.metric) == Metric.allCases)
        for (metric, key, kind, margin, told) in Self.metrics {
            #expect(metric.marginKey == key && metric.kind == kind && metric.defaultMargin == margin)
            #expect(metric.isTimed == (kind == .duration))
            let text = """
                apiVersion: serin/v1
                kind: Canary
                name: one
                compare: { traffic: week47, requests: 100 }
                checks: [{ name: one, metric: \(metric.rawValue)\(told.isEmpty ? "" : ", " + told) }]
                """
            guard case .canary(let canary) = try Document.parse(text, file: "one.yaml")[0] else { continue }
            #expect(canary.checks[0].margin == margin)
            #expect((canary.checks[0].parameters == nil) == told.isEmpty)
        }
    }

    /// What a check tells its metric is stored with it; a check that tells nothing is stored as it always was.
    @Test func storedChecks() throws {
        guard case .canary(let canary) = try document("valid-canary-metrics.yaml") else { return }
        let stored = String(decoding: try CanonicalJSON.encode(canary.checks[7]), as: UTF8.self)
        #expect(
            stored
                == #"{"critical":false,"margin":0.02,"metric":"contains","name":"other sources","parameters":{"texts":["Quelle"]},"watchOnly":false}"#
        )
        let loops = String(decoding: try CanonicalJSON.encode(canary.checks[14]), as: UTF8.self)
        #expect(loops == #"{"critical":false,"margin":0.02,"metric":"loop","name":"loops","watchOnly":false}"#)
        #expect(canary.checks[4].measure.identity == #"numeric_match(field="amount", tolerance=1.0 %)"#)
        #expect(canary.checks[10].measure.identity == #"blocked_pattern(patterns="(?i)password" "sk-[a-z0-9]{8,}")"#)
        #expect(canary.checks[12].measure.identity == "cost(promptPrice=0.15, outputPrice=0.6)")
        #expect(Set(canary.checks.map(\.measure.identity)).count == canary.checks.count)
        let wrong = stored.replacingOccurrences(of: #"{"texts":["Quelle"]}"#, with: #"{"patterns":["(a"]}"#)
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(CanaryCheck.self, from: Data(wrong.utf8)) }
    }

    /// A baseline as written, and what it means.
    static let baselines: [(text: String, meaning: String?)] = [
        ("production", "production"), ("r12", "r12"), ("rc", "rc"), ("7", nil), ("r0", nil), ("r012", nil), ("R1", nil),
        ("", nil), ("r99999999999999999999", nil), ("a b", nil),
    ]

    @Test(arguments: baselines)
    func baseline(_ text: String, _ meaning: String?) {
        #expect(CanaryDocument.Baseline(text)?.description == meaning)
    }

    @Test func aPromptWithEveryKey() throws {
        guard case .prompt(let prompt) = try document("valid-prompt-full.yaml") else {
            Issue.record("not a prompt")
            return
        }
        #expect(
            prompt.variables == [
                PromptVariable(name: "greeting", isRequired: false, maxLength: nil),
                PromptVariable(name: "product", isRequired: true, maxLength: nil),
                PromptVariable(name: "ticket", isRequired: true, maxLength: 2000),
            ]
        )
        #expect(
            prompt.decoding
                == DecodingSettings(
                    temperature: 0.7,
                    maxTokens: 64,
                    topK: 40,
                    topP: 0.9,
                    minP: 0.05,
                    stop: ["\n\n", "END"]
                )
        )
        let text = try prompt.render(["product": "shoes", "ticket": "t"]).map(\.text)
        #expect(text[0] == "Return one JSON object, such as {\"a\":{\"b\":1}}, for shoes.\n`}}` alone is text.\n")
        #expect(text[1...] == [" t", "{\"intent\":"])
        let output = try #require(prompt.output)
        #expect(output.accepts("{\"intent\":\"refund\",\"order\":null,\"parts\":[\"x\",true]}"))
        #expect(!output.accepts("{\"intent\":\"refund\",\"order\":100000}"))
    }

    @Test func aStoredGateOfATypeThatIsNotKnownCannotBeRead() {
        let text = "{\"id\":\"b\",\"type\":\"signature\",\"level\":\"mandatory\"}"
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(Gate.self, from: Data(text.utf8)) }
    }
}
