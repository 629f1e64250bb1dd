import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// What a run is besides its values: conversations, repeats, order, settings, slices.
struct RunTests {
    private static let accuracy = CheckDefinition.make("exact_match", .binary, worse: .lower, margin: 0.05)
    private static let speed = CheckDefinition.make("ttft", .duration, margin: 0.05)
    private static let rating = CheckDefinition.make("rating", .score, worse: .lower, margin: 0.05)

    // MARK: Clusters

    /// Conversations of which a whole one gets worse or better: five turns say hardly more than one.
    private static func conversations(_ count: Int, turns: Int, worse: Double, _ random: inout Seeded) -> JudgedRun {
        var samples = MetricSamples(baseline: [], candidate: [])
        var clusters: [Int] = []
        for conversation in 0..<count {
            let draw = random.uniform()
            for _ in 0..<turns {
                samples.baseline.append(draw < 0.05 ? 0 : 1)
                samples.candidate.append(draw >= 0.05 && draw < 0.1 + worse ? 0 : 1)
                clusters.append(conversation)
            }
        }
        var run = JudgedRun([accuracy], samples: ["exact_match": samples])
        run.clusters = clusters
        return run
    }

    @Test func conversationsCountAsOne() throws {
        var random = Seeded(2)
        let run = Self.conversations(80, turns: 5, worse: 0, &random)
        var alone = run
        alone.clusters = nil
        let (clustered, plain) = (judge(run).checks[0], judge(alone).checks[0])
        #expect(clustered.estimate == plain.estimate && clustered.clusters == 80)
        #expect((clustered.designEffect ?? 0) > 4.5 && (clustered.designEffect ?? 9) < 5.5)
        #expect((clustered.upper ?? 0) > (plain.upper ?? 1))
        #expect((clustered.pDegradation ?? 0) >= (plain.pDegradation ?? 1))
        // Requests that all stand alone are judged as if nobody had said so.
        var single = run
        single.clusters = Array(0..<400)
        #expect(judge(single) == judge(alone))
    }

    @Test func fewConversationsDecideNothing() {
        var random = Seeded(3)
        let judgment = judge(Self.conversations(19, turns: 20, worse: 0.9, &random))
        #expect(judgment.verdict == .inconclusive)
        #expect(judgment.reasons[0].contains("19 conversations or other groups, it takes 20"), "\(judgment.reasons)")
        #expect((judgment.checks[0].requestsNeeded ?? 0) >= 400)
    }

    @Test func equalConversationsAreBoundedByTheirNumber() throws {
        var run = JudgedRun([Self.rating], samples: ["rating": .changed(Array(repeating: 0.5, count: 400)) { $1 }])
        run.clusters = (0..<400).map { $0 / 10 }
        let check = judge(run).checks[0]
        // 0 of 40 conversations: up to 7.2 % may differ, although 0 of 400 requests would say 0.75 %.
        #expect(check.verdict == .inconclusive && abs((check.bound ?? 0) - 0.0722) < 0.0001, "\(check)")
    }

    @Test func clusteredPromisesHold() {
        var random = Seeded(4)
        var (failed, passed) = (0, 0)
        let runs = PromiseTests.isFull ? 3000 : 200
        for _ in 0..<runs {
            if judge(Self.conversations(100, turns: 4, worse: 0, &random)).verdict == .fail { failed += 1 }
            if judge(Self.conversations(100, turns: 4, worse: 0.05, &random)).verdict == .pass { passed += 1 }
        }
        #expect(failed <= PromiseTests.limit(0.01, runs: runs))
        #expect(passed <= PromiseTests.limit(0.05, runs: runs), "\(passed) of \(runs)")
    }

    // MARK: Repeats and newly bad

    @Test func repeatsAreSharesAndNoRequests() throws {
        let baseline = (0..<200).map { [1, 0.5, 0.75, 1][$0 % 4] }
        var samples = MetricSamples.changed(baseline) { index, value in index % 20 == 0 ? value - 0.5 : value }
        samples.isRepeated = true
        let check = judge([Self.accuracy], samples: ["exact_match": samples]).checks[0]
        #expect(check.samples == 200 && check.flips == nil && check.unit == .share)
        #expect(abs((check.estimate ?? 0) - 0.025) < 1e-12 && abs((check.baseline ?? 0) - 0.8125) < 1e-12)
        // Without the word that they are repeats, shares are not yes or no.
        samples.isRepeated = nil
        #expect(judge([Self.accuracy], samples: ["exact_match": samples]).verdict == .inconclusive)
    }

    @Test func whatIsMendedDoesNotPayForWhatIsBroken() throws {
        let limited = CheckDefinition.make("exact_match", .binary, worse: .lower, margin: 0.02) {
            $0.newlyBadLimit = 0.02
        }
        let rows: [(worse: Int, better: Int, verdict: Verdict)] = [
            (150, 160, .fail), (2, 3, .pass), (38, 60, .inconclusive),
        ]
        for row in rows {
            let samples = MetricSamples.flips(worse: row.worse, better: row.better, of: 2000)
            let judgment = judge([limited], samples: ["exact_match": samples])
            #expect(judgment.checks.map(\.title) == ["exact_match", "exact_match (newly bad)"])
            #expect(judgment.verdict == row.verdict, "\(row): \(judgment.reasons)")
            #expect(judgment.checks[1].reason.contains("\(row.worse) of 2000 were good before and are bad now"))
        }
    }

    // MARK: Validity

    private static func timed(_ candidateFirst: (Int) -> Bool, _ slow: (Int) -> Double) -> JudgedRun {
        var random = Seeded(7)
        let baseline = (0..<400).map { _ in exp(0.5 * random.normal()) }
        let candidate = baseline.enumerated().map { $1 * exp(0.05 * random.normal()) * slow($0) }
        var run = JudgedRun([speed], samples: ["ttft": MetricSamples(baseline: baseline, candidate: candidate)])
        run.candidateFirst = (0..<400).map(candidateFirst)
        return run
    }

    @Test func aBrokenComparisonIsNeitherGoodNorBad() {
        let rows: [(what: String, run: JudgedRun, says: String?)] = [
            ("fair", Self.timed({ ($0 * 7) % 2 == 0 }, { _ in 1 }), nil),
            ("one first", Self.timed({ _ in true }, { _ in 1 }), "ran first in 400 of 400"),
            ("order matters", Self.timed({ $0 % 2 == 0 }, { $0 % 2 == 0 ? 1.2 : 0.8 }), "depends on which release"),
        ]
        for row in rows {
            let judgment = judge(row.run)
            #expect((judgment.verdict == .invalid) == (row.says != nil), "\(row.what): \(judgment.reasons)")
            if let says = row.says { #expect(judgment.reasons[0].contains(says), "\(judgment.reasons)") }
        }
    }

    @Test func theBaselineMustAgreeWithItself() {
        var run = JudgedRun([Self.accuracy], samples: ["exact_match": .flips(worse: 0, better: 0, of: 400)])
        run.repeatedBaseline["exact_match"] = (0..<400).map { $0 < 3 ? 0 : $0 < 40 ? 1 : nil }
        #expect(judge(run).verdict == .pass)
        run.repeatedBaseline["exact_match"] = (0..<400).map { $0 < 20 ? 0 : $0 < 40 ? 1 : nil }
        let judgment = judge(run)
        #expect(judgment.verdict == .invalid)
        #expect(judgment.reasons[0].contains("the baseline differs from itself on exact_match"))
    }

    @Test func whatShouldBeEqualIsCompared() {
        var run = JudgedRun([Self.accuracy], samples: ["exact_match": .flips(worse: 200, better: 0, of: 400)])
        run.conditions = [.init(name: "the scorer", baseline: "v1", candidate: "v1")]
        #expect(judge(run).verdict == .fail)
        run.conditions.append(.init(name: "the temperature", baseline: "0", candidate: "0.7"))
        let judgment = judge(run)
        #expect(judgment.verdict == .invalid)
        #expect(judgment.reasons[0].contains("the temperature was 0 for the baseline and 0.7 for the candidate"))
        // What the checks found is still there to read.
        #expect(judgment.checks[0].verdict == .fail)
    }

    // MARK: Slices

    private static func sliced(_ pairs: Int, worseInGerman: Double) -> JudgedRun {
        var samples = MetricSamples(baseline: [], candidate: [])
        var languages: [String?] = []
        for index in 0..<pairs {
            let isGerman = index % 10 == 0
            languages.append(isGerman ? "de" : index % 10 == 1 ? nil : "en")
            samples.baseline.append(1)
            samples.candidate.append(isGerman && Double(index / 10 % 100) < 100 * worseInGerman ? 0 : 1)
        }
        var run = JudgedRun([accuracy], samples: ["exact_match": samples])
        run.slices = ["language": languages]
        return run
    }

    @Test func aGoodMeanDoesNotHideABadSlice() throws {
        let run = Self.sliced(2000, worseInGerman: 0.3)
        let judgment = judge(run)
        let slices = try #require(judgment.slices)
        #expect(judgment.verdict == .pass, "\(judgment.reasons)")
        #expect(slices.map(\.value) == ["de", "en"] && slices.map(\.isFlagged) == [true, false])
        #expect(slices[0].samples == 200 && slices[1].samples == 1600)
        #expect(judgment.reasons.contains { $0.contains("worse where language is de (200 requests)") })
        // Protected, it is a check of its own that decides.
        var protected = run
        protected.protected = [.init(key: "language", value: "de", check: "exact_match", margin: 0.1)]
        let gated = judge(protected)
        #expect(gated.verdict == .fail && gated.checks.map(\.name) == ["exact_match", "exact_match (language de)"])
        #expect(gated.checks[1].margin == 0.1 && gated.checks[1].samples == 200)
        // A slice that nobody asked for decides nothing and is not even there.
        protected.protected[0].value = "fr"
        #expect(judge(protected).verdict == .inconclusive)
    }

    @Test func quietSlicesAreNotFlagged() throws {
        let judgment = judge(Self.sliced(2000, worseInGerman: 0))
        #expect(judgment.slices?.contains { $0.isFlagged } == false && judgment.uneven == [])
        #expect(judge(Self.sliced(200, worseInGerman: 0)).slices?.map(\.value) == ["en"])
        #expect(judge([Self.accuracy], samples: [:]).slices == nil)
    }

    @Test func effectsThatDifferBetweenSlicesAreSaid() throws {
        var random = Seeded(8)
        var samples = MetricSamples(baseline: [], candidate: [])
        var routes: [String?] = []
        for index in 0..<900 {
            let base = 0.5 + 0.1 * random.normal()
            samples.baseline.append(base)
            samples.candidate.append(base + 0.05 * random.normal() + (index % 3 == 0 ? -0.04 : 0.02))
            routes.append(["a", "b", "c"][index % 3])
        }
        var run = JudgedRun([Self.rating], samples: ["rating": samples])
        run.slices = ["route": routes]
        let judgment = judge(run)
        #expect(judgment.verdict == .pass && judgment.uneven?.map(\.check) == ["rating"])
        #expect(judgment.reasons.contains { $0.contains("the effect is not the same for every route") })
    }
}
