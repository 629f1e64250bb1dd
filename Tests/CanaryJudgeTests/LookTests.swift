import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// Runs that are looked at while they grow.
struct LookTests {
    private static let accuracy = CheckDefinition.make("exact_match", .binary, worse: .lower, margin: 0.02)
    private static let speed = CheckDefinition.make("ttft", .duration, margin: 0.05)

    /// A run with a look every 250 pairs of 2,000.
    private static func run(
        _ pairs: Int,
        seed: UInt64,
        _ change: PromiseTests.Change = PromiseTests.Change(),
        extendedTo: Int? = nil
    ) -> JudgedRun {
        var random = Seeded(seed)
        var run = JudgedRun([accuracy, speed], samples: PromiseTests.world(pairs, change, &random))
        run.looks = LookSchedule(every: 250, upTo: 2000, extendedTo: extendedTo)
        return run
    }

    @Test func schedules() throws {
        #expect(LookSchedule(every: 250, upTo: 1000)?.pairs == [250, 500, 750, 1000])
        // A rest of less than half a step joins the look before it, a longer one is a look of its own.
        #expect(LookSchedule(every: 250, upTo: 1100)?.pairs == [250, 500, 750, 1100])
        #expect(LookSchedule(every: 250, upTo: 1200)?.pairs == [250, 500, 750, 1000, 1200])
        #expect(LookSchedule(every: 5000, upTo: 300)?.pairs == [300])
        #expect(LookSchedule(every: 500, upTo: 1000, extendedTo: 2000)?.extensionPairs == [1500, 2000])
        for (step, maximum, extended) in [(0, 10, nil), (-1, 10, nil), (10, 0, nil), (1, 1000, nil), (5, 10, 10)]
            as [(Int, Int, Int?)]
        {
            #expect(LookSchedule(every: step, upTo: maximum, extendedTo: extended) == nil)
        }
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(LookSchedule.self, from: Data(#"{"pairs": [2, 1]}"#.utf8))
        }
        let schedule = try #require(LookSchedule(every: 500, upTo: 1000, extendedTo: 2000))
        #expect(try JSONDecoder().decode(LookSchedule.self, from: JSONEncoder().encode(schedule)) == schedule)
    }

    @Test func farWorseStopsAtTheFirstLooks() throws {
        let judgment = judge(Self.run(2000, seed: 3, .init(slowdown: 0.2, accuracy: 0.2)))
        let looks = try #require(judgment.looks)
        #expect(judgment.verdict == .fail && looks.pairs == [250] && looks.pairsSaved == 1750)
        #expect(
            judgment.reasons.last?.hasPrefix("stopped after 250 of at most 2,000 requests (look 1 of 8)") == true,
            "\(judgment.reasons)"
        )
    }

    /// Where the test is sure, the interval beside it is above nothing: of flips, of flips of conversations, and of scores.
    @Test func anEarlyIntervalAgreesWithItsTest() throws {
        var seen = 0
        for worse in 28...60 {
            var run = Self.run(2000, seed: 3)
            let flipped = (0..<2000).map { $0 % 250 < worse }
            run.samples["exact_match"] = MetricSamples(
                baseline: flipped.map { _ in 1 },
                candidate: flipped.map { $0 ? 0 : 1 }
            )
            if worse % 2 == 0 { run.clusters = (0..<2000).map { $0 / 2 } }
            run.samples["score"] = MetricSamples(
                baseline: flipped.map { _ in 0.5 },
                candidate: flipped.enumerated().map { $1 ? 0.5 - 0.01 * Double($0 % 7) : 0.5 }
            )
            run.definitions = [Self.accuracy, .make("score", .score, worse: .lower, margin: 0.001)]
            let judgment = judge(run)
            for check in judgment.checks where check.verdict == .fail || check.verdict == .marginal {
                seen += 1
                let (lower, estimate) = (try #require(check.lower), try #require(check.estimate))
                #expect(lower > 0 && lower <= estimate, "\(worse): \(check.reason)")
                #expect(
                    !check.reason.contains("interval 0 to") && !check.reason.contains("interval −"),
                    "\(check.reason)"
                )
                #expect(!check.reason.contains("decided by the test"), "\(check.reason)")
            }
        }
        #expect(seen > 20)
        // A document may promise more of passing than of failing; then the sentence says what decided.
        var run = Self.run(100, seed: 3)
        run.definitions = [Self.accuracy]
        run.policy.alphaFail = 0.2
        run.policy.alphaPass = 0.0001
        run.looks = nil
        run.samples["exact_match"] = MetricSamples(
            baseline: (0..<100).map { $0 < 4 ? 0 : 1 },
            candidate: (0..<100).map { $0 >= 4 && $0 < 13 ? 0 : 1 }
        )
        let check = judge(run).checks[0]
        #expect(check.verdict == .fail && (check.lower ?? 0) < 0)
        #expect(
            check.reason.contains("(decided by the test of no degradation, not by the interval)"),
            "\(check.reason)"
        )
    }

    @Test func equalReleasesPassEarly() throws {
        let judgment = judge(Self.run(2000, seed: 4))
        let looks = try #require(judgment.looks)
        #expect(judgment.verdict == .pass && looks.pairs.count < 8, "\(judgment.reasons)")
        #expect(judgment.checks.allSatisfy { ($0.decidedAt ?? 0) > 0 && $0.decidedAt == $0.samples })
    }

    /// What has been seen stays seen: the same pairs, with whatever comes later, give the same answer, byte for byte; and a
    /// run that is looked at as it grows is the run that is judged at its end.
    @Test(arguments: 0..<12)
    func whatComesLaterChangesNothing(seed: Int) throws {
        let change = PromiseTests.Change(slowdown: 0.01 * Double(seed % 5), accuracy: 0.01 * Double(seed % 3))
        let whole = Self.run(2000, seed: UInt64(seed), change)
        let end = judge(whole)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(end) == encoder.encode(judge(whole)))
        let stopped = try #require(end.looks?.pairs.last)
        for pairs in stride(from: 250, through: 2000, by: 250) {
            var part = whole
            part.samples = whole.samples.mapValues {
                MetricSamples(baseline: Array($0.baseline.prefix(pairs)), candidate: Array($0.candidate.prefix(pairs)))
            }
            let judgment = judge(part)
            if pairs >= stopped {
                #expect(judgment == end)
            } else {
                #expect(judgment.verdict == .inconclusive, "\(pairs): \(judgment.reasons)")
                #expect(judgment.reasons.last?.hasSuffix("not decided yet") == true)
            }
        }
    }

    @Test func oneLookAtTheEndIsTheJudgeOfOneLook() throws {
        for seed in 0..<6 {
            var run = Self.run(800, seed: UInt64(seed), .init(accuracy: 0.01 * Double(seed)))
            run.looks = LookSchedule(pairs: [800])
            var once = run
            once.looks = nil
            let (one, other) = (judge(run), judge(once))
            for (left, right) in zip(one.checks, other.checks) {
                #expect(abs((left.upper ?? 0) - (right.upper ?? 1)) < 1e-9)
                // Holm's first step is Bonferroni's only one.
                #expect((left.pAdjusted ?? 0) >= (right.pAdjusted ?? 1) * (1 - 1e-9))
            }
        }
    }

    @Test func beforeTheFirstLookNothingIsKnown() throws {
        let judgment = judge(Self.run(100, seed: 5, .init(accuracy: 0.4)))
        #expect(judgment.verdict == .inconclusive)
        #expect(judgment.reasons == ["the first look is at 250 requests, 100 are in"])
        #expect(judgment.looks?.pairs == [])
    }

    /// A declared extension costs the first stage a fifth of its rates, is printed, and is only used when it is there.
    @Test func anExtensionIsDeclaredAndPrinted() throws {
        let open = PromiseTests.Change(accuracy: 0.0135)
        var extended = 0
        for seed in 0..<8 {
            let short = judge(Self.run(2000, seed: UInt64(seed), open, extendedTo: 4000))
            let long = judge(Self.run(4000, seed: UInt64(seed), open, extendedTo: 4000))
            guard short.verdict == .inconclusive else {
                #expect(short == long)
                continue
            }
            let looks = try #require(long.looks)
            #expect(looks.isExtended && looks.planned == 16 && looks.maximum == 2000)
            #expect(looks.sentence.contains("extended beyond 2,000"), "\(looks.sentence)")
            extended += 1
        }
        #expect(extended > 2)
    }

    /// No look and no check spends more than it was given: over many equal pairs of releases, hardly any fails; at the
    /// margin, hardly any check passes.
    @Test func thePromisesHoldOverAllLooks() {
        let runs = PromiseTests.isFull ? 1500 : 40
        var failed = 0
        var passed = [0, 0]
        for seed in 0..<runs {
            if judge(Self.run(1000, seed: UInt64(1000 + seed))).verdict == .fail { failed += 1 }
            let edge = judge(Self.run(1000, seed: UInt64(9000 + seed), .init(slowdown: 0.05, accuracy: 0.02)))
            for (index, check) in edge.checks.enumerated() where check.verdict == .pass { passed[index] += 1 }
        }
        #expect(failed <= PromiseTests.limit(0.01, runs: runs))
        #expect(passed.allSatisfy { $0 <= PromiseTests.limit(0.05, runs: runs) }, "\(passed) of \(runs)")
    }
}
