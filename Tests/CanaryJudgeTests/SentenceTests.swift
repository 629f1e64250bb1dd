import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// What the judge says is what its numbers say: each sentence of a seeded table of outcomes, read back.
struct SentenceTests {
    static func pick<Value>(_ values: [Value], _ random: inout Seeded) -> Value {
        values[Int(random.next() % UInt64(values.count))]
    }

    static func outcome(_ random: inout Seeded) -> (CheckDefinition, MetricSamples) {
        let margin: Double = pick([0.005, 0.01, 0.02, 0.05, 0.1], &random)
        let pairs: Int = pick([40, 100, 150, 400, 1200], &random)
        let shift: Double = pick([-0.2, -0.02, 0, 0, 0.5 * margin, margin, 2 * margin, 0.3], &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            let base: Double = pick([0, 0.01, 0.5, 0.95, 1], &random)
            let noise: Double = pick([0, 0.01, 0.05], &random)
            var samples = MetricSamples(baseline: [], candidate: [])
            for _ in 0..<pairs {
                let good: Double = random.uniform() < base ? 1 : 0
                let turned = random.uniform() < noise + abs(shift)
                samples.baseline.append(random.uniform() < 0.01 ? nil : good)
                samples.candidate.append(turned ? (shift > 0 ? 0 : 1) : good)
            }
            return (.make("m", .binary, worse: .lower, margin: margin), samples)
        case 1:
            let noise: Double = pick([0, 0.001, 0.2], &random)
            var samples = MetricSamples(baseline: [], candidate: [])
            for _ in 0..<pairs {
                let time = 0.1 * exp(random.normal())
                samples.baseline.append(time)
                samples.candidate.append(time * (1 + shift) * exp(noise * random.normal()))
            }
            return (.make("m", .duration, margin: margin), samples)
        case 2:
            var samples = MetricSamples(baseline: [], candidate: [])
            for _ in 0..<pairs {
                let count = (20 * exp(0.5 * random.normal())).rounded()
                samples.baseline.append(count)
                samples.candidate.append(max(0, (count * (1 + shift)).rounded()))
            }
            return (.make("m", .amount, margin: margin), samples)
        default:
            var samples = MetricSamples(baseline: [], candidate: [])
            for _ in 0..<pairs {
                let score = -0.4 + 0.1 * random.normal()
                samples.baseline.append(score)
                samples.candidate.append(score - shift + (random.uniform() < 0.5 ? 0.05 * random.normal() : 0))
            }
            return (.make("m", .score, worse: .lower, margin: margin), samples)
        }
    }

    @Test func everySentenceSaysWhatItsNumbersSay() throws {
        var random = Seeded(1711)
        var seen: Set<String> = []
        for _ in 0..<3000 {
            let (definition, samples) = Self.outcome(&random)
            let judgment = judge([definition], samples: ["m": samples])
            let check = judgment.checks[0]
            let reason = check.reason
            let said = "\(reason) \(check)"
            #expect(judgment.verdict == check.verdict)
            switch check.verdict {
            case .pass:
                let bound = try #require(check.plausibleUpper)
                #expect(bound < check.margin, "\(said)")
                #expect((check.estimate ?? 1) < check.margin, "\(said)")
                if reason.hasPrefix("identical") {
                    #expect(check.estimate == 0 && check.lower == check.upper, "\(said)")
                }
                if reason.hasPrefix("at least") { #expect(bound <= 0, "\(said)") }
                if reason.contains("small real change") { #expect((check.pAdjusted ?? 1) <= 0.01, "\(said)") }
                seen.insert(reason.hasPrefix("identical") ? "identical" : "pass")
            case .fail:
                #expect((check.estimate ?? 0) >= check.margin && (check.pAdjusted ?? 1) <= 0.01, "\(said)")
                #expect(reason.hasPrefix("worse by"), "\(said)")
                seen.insert("fail")
            case .marginal:
                #expect((check.estimate ?? 0) > 0 && (check.pAdjusted ?? 1) <= 0.01, "\(said)")
                #expect((check.plausibleUpper ?? 0) >= check.margin, "\(said)")
                #expect(reason.hasPrefix("really worse by"), "\(said)")
                seen.insert("marginal")
            case .invalid: Issue.record("a check is never invalid: \(said)")
            case .inconclusive:
                if check.isWithoutEvidence == true {
                    #expect(check.requestsNeeded == nil && judgment.requestsNeeded == nil, "\(said)")
                    #expect(!reason.contains("would decide"), "\(said)")
                    seen.insert("nothing")
                } else if reason.hasPrefix("between") {
                    // The margin is inside the interval, or the whole of it is past the margin and not proven.
                    #expect((check.plausibleUpper ?? 0) >= check.margin, "\(said)")
                    #expect((check.pAdjusted ?? 0) > 0.01, "\(said)")
                    seen.insert("open")
                } else if reason.hasPrefix("identical") {
                    #expect((check.plausibleUpper ?? 0) >= check.margin, "\(said)")
                    seen.insert("few")
                } else {
                    #expect(check.samples < 200 && reason.contains("requests it takes to judge"), "\(said)")
                    seen.insert("small")
                }
                if let needed = check.requestsNeeded { #expect(needed > check.samples, "\(said)") }
            }
        }
        #expect(seen == ["identical", "pass", "fail", "marginal", "nothing", "open", "few", "small"], "\(seen)")
    }

    /// Scores from 0 to 1 are told in points, as tables tell them; log-probabilities in nats; what is of nobody's unit alone.
    @Test(
        arguments: [
            (Metric.tokenF1, " points (interval 30.", ", you allow 2"),
            (.baselineLogProbability, " nats (interval 0.30", ", you allow 0.02"),
        ]
    )
    func scoresAreToldInTheirUnit(_ metric: Metric, _ interval: String, _ allowance: String) throws {
        let definition = CheckDefinition(CanaryCheck(name: "m", metric: metric, margin: 0.02))
        let base = (0..<400).map { 0.9 + 0.0001 * Double($0 % 3) }
        let samples = MetricSamples(
            baseline: base,
            candidate: base.enumerated().map { $1 - 0.301 - 0.002 * Double($0 % 2) + 0.001 }
        )
        let reason = judge([definition], samples: [definition.metric: samples]).checks[0].reason
        #expect(reason.contains(interval) && reason.contains(allowance), "\(reason)")
    }
}
