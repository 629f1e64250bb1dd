import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// The rules of the judge, one line each.
struct VerdictTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let definition: CheckDefinition
        let samples: MetricSamples
        let verdict: Verdict
        let says: String

        var testDescription: String { what }
    }

    static let accuracy = CheckDefinition.make("exact_match", .binary, worse: .lower, margin: 0.02)
    static let critical = CheckDefinition.make("exact_match", .binary, worse: .lower, margin: 0.02) {
        $0.critical = true
    }
    static let speed = CheckDefinition.make("ttft", .duration, margin: 0.05)
    static let tokens = CheckDefinition.make("tokens", .amount, margin: 0.1)
    static let rating = CheckDefinition.make("rating", .score, worse: .lower, margin: 0.05)
    static let unsafe = CheckDefinition.make("safe", .binary, worse: .lower, margin: 0.01) {
        $0.critical = true
        $0.vetoCount = 1
    }

    /// 200 times between 50 and 250 that are nowhere near each other's order.
    static let times = (0..<200).map { 50 + Double(($0 * 7919) % 200) }

    static let rows: [Row] = [
        Row(
            what: "far worse fails",
            definition: accuracy,
            samples: .flips(worse: 700, better: 42, of: 2000),
            verdict: .fail,
            says: "worse by 32.9 points (interval 31.0 to 34.8), you allow 2"
        ),
        Row(
            what: "equal passes",
            definition: critical,
            samples: .flips(worse: 20, better: 20, of: 2000),
            verdict: .pass,
            says: "at most 0.8 points worse (measured: no change), you allow 2"
        ),
        Row(
            what: "a small real change passes",
            definition: accuracy,
            samples: .flips(worse: 20, better: 2, of: 2000),
            verdict: .pass,
            says: "small real change"
        ),
        Row(
            what: "real and of unclear size is marginal",
            definition: accuracy,
            samples: .flips(worse: 40, better: 8, of: 2000),
            verdict: .marginal,
            says: "really worse by 1.6"
        ),
        Row(
            what: "too few to tell is inconclusive",
            definition: critical,
            samples: .flips(worse: 3, better: 2, of: 200),
            verdict: .inconclusive,
            says: "requests would decide"
        ),
        Row(
            what: "below the minimum nothing is judged",
            definition: accuracy,
            samples: .flips(worse: 90, better: 0, of: 99),
            verdict: .inconclusive,
            says: "99 of the 100 requests"
        ),
        Row(
            what: "no answer counts as a bad answer",
            definition: accuracy,
            samples: .changed([Double](repeating: 1, count: 200)) { $0 < 40 ? nil : $1 },
            verdict: .fail,
            says: "40 without a value from the candidate count as bad"
        ),
        Row(
            what: "a missing baseline drops the pair",
            definition: accuracy,
            samples: MetricSamples(
                baseline: (0..<200).map { $0 < 11 ? nil : 1 },
                candidate: [Double?](repeating: 1, count: 200)
            ),
            verdict: .inconclusive,
            says: "11 of 200 values are missing (5.5 %), at most 5 % may be"
        ),
        Row(
            what: "a veto needs no statistics",
            definition: unsafe,
            samples: .flips(worse: 1, better: 0, of: 20),
            verdict: .fail,
            says: "1 newly bad, 1 is enough to stop"
        ),
        Row(
            what: "safety takes 300 requests",
            definition: unsafe,
            samples: .flips(worse: 0, better: 0, of: 299),
            verdict: .inconclusive,
            says: "299 of the 300"
        ),
        Row(
            what: "a limit on the own rate must be proven",
            definition: .make("safe", .binary, worse: .lower, margin: 0.05) { $0.rateLimit = 0.005 },
            samples: .flips(worse: 0, better: 0, of: 400),
            verdict: .inconclusive,
            says: "could be up to 0.746 %, it must be proven below 0.5 %: about 600 requests would decide"
        ),
        Row(
            what: "and passes once it is",
            definition: .make("safe", .binary, worse: .lower, margin: 0.05) { $0.rateLimit = 0.005 },
            samples: .flips(worse: 0, better: 0, of: 600),
            verdict: .pass,
            says: "at most"
        ),
        Row(
            what: "identical times pass",
            definition: speed,
            samples: .changed(times) { $1 },
            verdict: .pass,
            says: "identical on 200 requests: at most 1.49 % may differ, you allow 5 %"
        ),
        Row(
            what: "a constant slowdown past the margin fails",
            definition: speed,
            samples: .changed(times) { $1 * 1.1 },
            verdict: .fail,
            says: "worse by 10.0 %"
        ),
        Row(
            what: "a constant slowdown inside the margin passes once enough requests show it",
            definition: speed,
            samples: .changed(times + times) { $1 * 1.04 },
            verdict: .pass,
            says: "at most 4.8 % worse (measured: 4.0 worse), you allow 5"
        ),
        Row(
            what: "and is no pass on few, however narrow its interval",
            definition: speed,
            samples: .changed(times) { $1 * 1.04 },
            verdict: .marginal,
            says: "really worse by 4.0 %"
        ),
        Row(
            what: "a few huge requests are named",
            definition: speed,
            samples: .changed(times) { $0 % 20 == 0 ? $1 * 30 : $1 * (1 + 0.01 * Double($0 % 3)) },
            verdict: .fail,
            says: "driven by"
        ),
        Row(
            what: "a time of 0 or below is an error of the data",
            definition: speed,
            samples: .changed(times) { $0 < 12 ? 0 : $1 },
            verdict: .inconclusive,
            says: "12 values were not usable and counted as missing"
        ),
        Row(
            what: "a constant ratio of amounts is known",
            definition: tokens,
            samples: .changed(times) { $1 * 1.2 },
            verdict: .fail,
            says: "worse by 20.0 %"
        ),
        Row(
            what: "amounts in tiny units are judged the same",
            definition: tokens,
            samples: .changed(times.map { $0 * 1e-9 }) { $1 * 1.2 },
            verdict: .fail,
            says: "worse by 20.0 %"
        ),
        Row(
            what: "amounts that vanish are compared as differences",
            definition: tokens,
            samples: .changed([Double](repeating: 0, count: 200)) { index, _ in Double(index % 2) },
            verdict: .fail,
            says: "compared as a difference because a mean is 0"
        ),
        Row(
            what: "amounts of nothing at all are no evidence",
            definition: tokens,
            samples: .changed([Double](repeating: 0, count: 200)) { $1 },
            verdict: .inconclusive,
            says: "both releases are at 0 on all 200 requests, so nothing was compared"
        ),
        Row(
            what: "skewed amounts take 200 requests",
            definition: tokens,
            samples: .changed(Array(times.prefix(120))) { $0 == 3 ? $1 * 40 : $1 + Double($0 % 3) },
            verdict: .inconclusive,
            says: "120 of the 200"
        ),
        Row(
            what: "scores missing from one arm only",
            definition: rating,
            samples: .changed(times) { $0 < 10 ? nil : $1 },
            verdict: .inconclusive,
            says: "scores are missing not at random: 10 only from the candidate, 0 only from the baseline"
        ),
        Row(
            what: "a better score passes",
            definition: rating,
            samples: .changed(times) { $1 + 1 + Double($0 % 3) },
            verdict: .pass,
            says: "at least 1.90 better"
        ),
        Row(
            what: "a margin of 0 cannot be judged",
            definition: .make("exact_match", .binary, worse: .lower, margin: 0),
            samples: .flips(worse: 0, better: 0, of: 500),
            verdict: .inconclusive,
            says: "must be above 0"
        ),
        Row(
            what: "no samples are not a pass",
            definition: accuracy,
            samples: MetricSamples(baseline: [], candidate: []),
            verdict: .inconclusive,
            says: "there are no samples of exact_match"
        ),
    ]

    @Test(arguments: rows)
    func rule(_ row: Row) {
        let judgment = judge([row.definition], samples: [row.definition.metric: row.samples])
        #expect(judgment.verdict == row.verdict)
        let reason = judgment.checks[0].reason
        #expect(reason.contains(row.says), "\(reason)")
    }

    @Test func tailAndLimitAreChecksOfTheirOwn() {
        let definition = CheckDefinition.make("ttft", .duration, margin: 0.05) {
            $0.tailFactor = 1.5
            $0.limit = 300
        }
        // Every 25th request three times slower, one never finished.
        let samples = MetricSamples.changed(Self.times + Self.times) {
            $0 == 7 ? nil : $0 % 25 == 0 ? $1 * 3 : $1 * (1 + 0.001 * Double($0 % 5))
        }
        let judgment = judge([definition], samples: ["ttft": samples])
        #expect(judgment.checks.map(\.aspect) == ["centre", "tail", "limit"])
        let tail = judgment.checks[1]
        #expect(tail.verdict == .fail)
        #expect(tail.flips?.gotWorse == 17)
        #expect(tail.samples == 400)
        #expect(judgment.checks[0].samples == 399)
        #expect(tail.reason.contains("17 more than 1.5x slower, 0 faster; 1 that the candidate did not finish"))
        #expect(judgment.checks[2].flips?.gotWorse ?? 0 > 0)
        #expect(judgment.checks.allSatisfy { $0.timed })
    }

    @Test func watchOnlyChecksNeverDecideAndDoNotTightenTheOthers() {
        let watched = CheckDefinition.make("other", .binary, worse: .lower, margin: 0.02) { $0.watchOnly = true }
        let samples: [String: MetricSamples] = [
            "exact_match": .flips(worse: 20, better: 18, of: 3000), "other": .flips(worse: 900, better: 0, of: 3000),
        ]
        let both = judge([Self.accuracy, watched], samples: samples)
        let alone = judge([Self.accuracy], samples: samples)
        #expect(both.verdict == .pass)
        #expect(both.checks[1].verdict == .fail)
        #expect(both.checks[1].pAdjusted == nil)
        #expect(both.checks[0] == alone.checks[0])
        let onlyWatched = judge([watched], samples: samples)
        #expect(onlyWatched.verdict == .inconclusive)
    }

    @Test func theFamilyOfDecidingChecksIsCorrectedAsHolmDoes() {
        let definitions = (0..<4).map { CheckDefinition.make("m\($0)", .binary, worse: .lower, margin: 0.02) }
        var samples = Dictionary(
            uniqueKeysWithValues: definitions.map { ($0.metric, MetricSamples.flips(worse: 5, better: 5, of: 400)) }
        )
        samples["m2"] = .flips(worse: 16, better: 4, of: 400)
        let judgment = judge(definitions, samples: samples)
        // 0.0036 alone would fail; as the best of four it is 0.014 and does not.
        let raw = judgment.checks[2].pDegradation ?? .nan
        #expect(raw < 0.01)
        #expect(abs((judgment.checks[2].pAdjusted ?? .nan) - 4 * raw) < 1e-12)
        #expect(judgment.checks[2].verdict == .inconclusive)
    }

    @Test func criticalChecksTakeMoreProof() {
        let samples = ["exact_match": MetricSamples.flips(worse: 12, better: 10, of: 560)]
        let usual = judge([Self.accuracy], samples: samples)
        let critical = judge([Self.critical], samples: samples)
        #expect(usual.verdict == .pass)
        #expect(critical.verdict == .inconclusive)
        #expect(critical.checks[0].alphaPass == 0.01)
        #expect((critical.requestsNeeded ?? 0) > 560)
    }

    @Test func equalSamplesGiveEqualBytes() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let definitions = Self.rows.map(\.definition)
        let samples = Dictionary(
            Self.rows.map { ($0.definition.metric, $0.samples) },
            uniquingKeysWith: { first, _ in first }
        )
        let first = try encoder.encode(judge(definitions, samples: samples))
        for _ in 0..<5 {
            let again = try encoder.encode(judge(definitions, samples: samples))
            #expect(first == again)
        }
        let decoded = try JSONDecoder().decode(Judgment.self, from: first)
        #expect(decoded == judge(definitions, samples: samples))
    }

    @Test func unpairedArmsAreJudgedByTheSameRules() {
        let definitions = [Self.accuracy, Self.speed, Self.tokens, Self.rating]
        let many = (0..<20).flatMap { _ in Self.times }
        let samples: [String: MetricSamples] = [
            "exact_match": .flips(worse: 700, better: 42, of: 2000), "ttft": .changed(many) { $1 },
            "tokens": .changed(many) { $1 }, "rating": .changed(many.map { $0 / 1000 }) { $1 },
        ]
        let judgment = judge(definitions, samples: samples, pairing: .unpaired)
        #expect(judgment.checks.map(\.verdict) == [.fail, .pass, .pass, .pass])
        #expect(judgment.checks[0].baseline ?? 0 > 0.97)
    }
}
