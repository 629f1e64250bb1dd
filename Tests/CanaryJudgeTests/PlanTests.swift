import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

struct PlanTests {
    /// The example table of the design: alpha 5 %, power 80 %, no true change.
    @Test func matchesTheDesignsTable() {
        let noise = 0.2121  // two arms with 15 % run noise each
        let latency = CanaryPlan.requestsNeeded(
            margin: 0.04879,
            noise: .differences(standardDeviation: noise),
            alphaPass: 0.05
        )
        #expect(latency == 117)
        let quality = CanaryPlan.requestsNeeded(margin: 0.02, noise: .discordant(0.048), alphaPass: 0.05)
        #expect(quality == 742)
        let errors = CanaryPlan.requestsNeeded(margin: 0.01, noise: .discordant(0.02), alphaPass: 0.05)
        #expect(errors == 1237)
    }

    @Test func zeroNoiseStillTakesTheScoreBound() {
        let needed = CanaryPlan.requestsNeeded(margin: 0.02, noise: .discordant(0), alphaPass: 0.01)
        #expect(needed == 266)
        for (pairs, verdict) in [(265, Verdict.inconclusive), (266, .pass)] {
            let definition = CheckDefinition.make("m", .binary, worse: .lower, margin: 0.02) { $0.critical = true }
            let judgment = judge([definition], samples: ["m": .flips(worse: 0, better: 0, of: pairs)])
            #expect(judgment.verdict == verdict)
        }
    }

    @Test func aCanaryNeedsWhatItsHungriestCheckNeeds() {
        let match = CheckDefinition.make("exact_match", .binary, worse: .lower, margin: 0.02) { $0.critical = true }
        let valid = CheckDefinition.make("json_valid", .binary, worse: .lower, margin: 0.01) { $0.critical = true }
        let watched = CheckDefinition.make("ttft", .duration, margin: 0.1) { $0.watchOnly = true }
        let noise: [String: CanaryPlan.Noise] = ["exact_match": .discordant(0.03), "json_valid": .discordant(0.002)]
        let needed = CanaryPlan.requestsNeeded(for: [match, valid, watched], noise: noise)
        let alone = CanaryPlan.requestsNeeded(
            margin: 0.02,
            noise: .discordant(0.03),
            alphaPass: 0.01,
            decidingChecks: 2
        )
        #expect(needed == alone)
        #expect(CanaryPlan.requestsNeeded(for: [match, valid], noise: ["json_valid": .discordant(0.002)]) == nil)
        let past = CanaryPlan.requestsNeeded(
            margin: 0.02,
            noise: .discordant(0.03),
            degradation: 0.02,
            alphaPass: 0.01
        )
        #expect(past == nil)
    }

    /// A plan for the next run takes the noise that the last one measured, whatever it found; what was not measured is not
    /// known, and a run that is looked at more often needs a little more.
    @Test func aPlanRestsOnTheLastRun() throws {
        func document(_ lookEvery: Int?) throws -> CanaryDocument {
            CanaryDocument(
                name: try Name("tickets"),
                compare: CanaryDocument.Comparison(traffic: try Name("week47"), requests: 2000, lookEvery: lookEvery),
                checks: [
                    CanaryCheck(name: "right", metric: .exactMatch, margin: 0.02, isCritical: true),
                    CanaryCheck(name: "words", metric: .tokenF1, margin: 0.02),
                    CanaryCheck(
                        name: "speed",
                        metric: .totalTime,
                        margin: 0.1,
                        slowerThan: .init(factor: 2, share: 0.01)
                    ),
                    CanaryCheck(name: "length", metric: .outputTokens, margin: 0.1, isWatchOnly: true),
                ]
            )
        }
        var random = Seeded(5)
        let pairs = 400
        let score = (0..<pairs).map { _ in 0.1 * random.normal() }
        let times = (0..<pairs).map { _ in exp(0.2 * random.normal()) }
        let samples: [Metric: MetricSamples] = [
            .exactMatch: .flips(worse: 6, better: 6, of: pairs),
            .tokenF1: MetricSamples(baseline: score.map { _ in 0.5 }, candidate: score.map { 0.5 + $0 }),
            .totalTime: MetricSamples(baseline: times.map { _ in 1 }, candidate: times),
        ]
        let plain = try document(nil)
        let found = judge(plain, samples: samples)
        let planned = CanaryPlan.checks(of: plain, requests: 2000, after: (found.checks, plain.promise))
        #expect(planned.map(\.title) == ["right", "words", "speed", "speed (tail)", "length"])
        // 12 of 400 disagree; the scores scatter by 0.1, the logarithms of times by 0.2.
        let right = CanaryPlan.requestsNeeded(
            margin: 0.02,
            noise: .discordant(0.03),
            alphaPass: 0.01,
            decidingChecks: 4
        )
        #expect(planned[0].requestsNeeded == right && (planned[0].detectable ?? 1) < 0.02)
        let words = try #require(planned[1].requestsNeeded), speed = try #require(planned[2].requestsNeeded)
        #expect((200...350).contains(words) && (30...120).contains(speed), "\(words), \(speed)")
        #expect(planned[3].requestsNeeded != nil && planned[4].requestsNeeded == nil && planned[4].detectable == nil)
        #expect(planned.requestsNeeded == planned.compactMap(\.requestsNeeded).max())
        // More requests show less; as many as are needed rule out less than the margin.
        let enough = CanaryPlan.checks(of: plain, requests: words, after: (found.checks, plain.promise))[1]
        #expect((enough.detectable ?? 1) < 0.02 && (planned[1].detectable ?? 1) < enough.detectable ?? 0)
        let looked = CanaryPlan.checks(of: try document(250), requests: 2000, after: (found.checks, plain.promise))
        for (one, many) in zip(planned, looked) where one.requestsNeeded != nil {
            #expect(many.requestsNeeded ?? 0 >= one.requestsNeeded ?? .max)
            #expect(Double(many.requestsNeeded ?? .max) < 1.3 * Double(one.requestsNeeded ?? 0), "\(many)")
        }
        let unknown = CanaryPlan.checks(of: plain, requests: 2000, after: nil)
        #expect(
            unknown.allSatisfy { $0.requestsNeeded == nil && $0.detectable == nil } && unknown.requestsNeeded == nil
        )
        #expect(unknown.map(\.minimum) == [100, 100, 50, 100, 50])
        // What showed nothing is no noise.
        let nothing = judge(plain, samples: [.exactMatch: .flips(worse: 0, better: 0, of: 0)])
        #expect(
            CanaryPlan.checks(of: plain, requests: 2000, after: (nothing.checks, plain.promise))
                .allSatisfy { $0.requestsNeeded == nil }
        )
    }

    /// What an open check asks for would decide it, if more requests look like these.
    @Test(arguments: [(3, 2), (0, 0), (4, 1), (2, 3), (2, 5)])
    func theNumberNeededDecides(worse: Int, better: Int) throws {
        let definition = CheckDefinition.make("m", .binary, worse: .lower, margin: 0.02) { $0.critical = true }
        let open = judge([definition], samples: ["m": .flips(worse: worse, better: better, of: 200)])
        #expect(open.verdict == .inconclusive)
        let needed = try #require(open.requestsNeeded)
        #expect(needed > 200)
        let scale = Double(needed) / 200
        let more = judge(
            [definition],
            samples: [
                "m": .flips(
                    worse: Int((Double(worse) * scale).rounded()),
                    better: Int((Double(better) * scale).rounded()),
                    of: needed
                )
            ]
        )
        #expect(more.verdict == .pass)
    }

    @Test func detectableIsWhatTheRunCouldCertify() throws {
        let definition = CheckDefinition.make("m", .binary, worse: .lower, margin: 0.02)
        let judgment = judge([definition], samples: ["m": .flips(worse: 30, better: 30, of: 2000)])
        // (1.645 + 0.842) sqrt(0.03 / 2000)
        let detectable = try #require(judgment.checks[0].detectable)
        #expect(abs(detectable - 0.009630) < 1e-5)
    }
}
