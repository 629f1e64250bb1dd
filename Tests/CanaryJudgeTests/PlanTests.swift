import CanaryJudge
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
