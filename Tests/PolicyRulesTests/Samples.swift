import PolicyRules
import RegistryRecords
import RegistryTypes
import UserDocuments

/// A release, its channel and its facts, all in order; tests spoil one thing at a time.
struct Sample {
    static let now = Timestamp(milliseconds: 1_795_260_044_000)
    let model: Name
    let channel: Name
    let release: ReleaseID
    let live: ReleaseID

    init() throws {
        model = try Name("ticket-bot")
        channel = try Name("production")
        release = ReleaseID(model, 2)
        live = ReleaseID(model, 1)
    }

    /// The moment `seconds` before now.
    static func ago(_ seconds: Double) -> Timestamp { now.adding(seconds: -seconds) }

    /// A policy with `gates` in the notation of documents, one per line.
    func policy(_ gates: [String], onMissing: String = "block", models: String = "\"*\"") throws -> PolicyRevision {
        let text = """
            apiVersion: serin/v1
            kind: Policy
            name: production
            for: { channel: production, models: [\(models)] }
            onMissing: \(onMissing)
            gates:
            \(gates.map { "  - { \($0) }" }.joined(separator: "\n"))
            """
        return try revision(text)
    }

    func revision(_ text: String) throws -> PolicyRevision {
        guard case .policy(let document) = try Document.parse(text, file: "test.yaml")[0] else {
            throw SampleError.notAPolicy
        }
        return PolicyRevision(document: document, revision: 5, digest: try document.digest())
    }

    func canary(
        _ number: Int = 204,
        verdict: Verdict? = .pass,
        ago: Double = 3600,
        baseline: ReleaseID? = nil,
        document: String = "tickets",
        failed: [String] = [],
        requests: Int = 2000,
        needed: Int? = nil
    ) throws -> PolicyFacts.Canary {
        PolicyFacts.Canary(
            id: CanaryID(number),
            document: try Name(document),
            traffic: try Name("week47"),
            baseline: baseline ?? live,
            requests: requests,
            verdict: verdict,
            time: Self.ago(ago),
            failedChecks: failed,
            requestsNeeded: needed
        )
    }

    func evaluation(
        _ number: Int = 51,
        good: Int = 285,
        samples: Int = 300,
        lower95: Double? = 0.93,
        ago: Double = 3600,
        metric: String = "exact_match",
        suite: String = "golden"
    ) throws -> PolicyFacts.Evaluation {
        let value = samples == 0 ? nil : Double(good) / Double(samples)
        let score = EvaluationResult.Score(
            metric: metric,
            good: good,
            samples: samples,
            value: value,
            lower95: samples == 0 ? nil : lower95
        )
        return PolicyFacts.Evaluation(
            id: EvaluationID(number),
            suite: try Name(suite),
            scores: [score],
            time: Self.ago(ago)
        )
    }

    func card(_ present: Int = 8) -> CardSummary {
        let fields = CardField.allCases.map(\.rawValue)
        return CardSummary(
            completeness: Double(present) / Double(fields.count),
            present: Array(fields.prefix(present)),
            missing: Array(fields.dropFirst(present)),
            license: "mit"
        )
    }

    func smoke(_ passed: Bool = true) -> PolicyFacts.Smoke {
        PolicyFacts.Smoke(
            result: SmokeResult(passed: passed, problem: passed ? nil : "tensor x is too short", loadSeconds: 0.03),
            time: Self.ago(180)
        )
    }

    func facts(
        smoke: PolicyFacts.Smoke? = nil,
        card: CardSummary? = nil,
        canaries: [PolicyFacts.Canary] = [],
        evaluations: [PolicyFacts.Evaluation] = [],
        isLive: Bool = true,
        rejection: PolicyFacts.Rejection? = nil,
        budgets: [PolicyFacts.Budget]? = nil,
        cannotRun: [String]? = nil
    ) -> PolicyFacts {
        PolicyFacts(
            version: VersionID(model, 2),
            smoke: smoke,
            card: card,
            canaries: canaries,
            evaluations: evaluations,
            live: isLive ? live : nil,
            rejection: rejection,
            budgets: budgets,
            cannotRun: cannotRun
        )
    }

    func decide(_ policy: PolicyRevision?, _ facts: PolicyFacts, override: Override? = nil) throws -> Decision {
        try PolicyEvaluator.evaluate(
            policy: policy,
            release: release,
            channel: channel,
            facts: facts,
            override: override,
            now: Self.now
        )
    }
}

enum SampleError: Error { case notAPolicy }
