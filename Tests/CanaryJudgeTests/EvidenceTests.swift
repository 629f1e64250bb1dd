import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

/// Evidence or unknown: a check on which nothing could be seen decides nothing, and says why in the first line.
struct EvidenceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let what: String
        let definition: CheckDefinition
        let samples: MetricSamples
        let says: String

        init(_ what: String, _ definition: CheckDefinition, _ samples: MetricSamples, _ says: String) {
            self.what = what
            self.definition = definition
            self.samples = samples
            self.says = says
        }

        var testDescription: String { what }
    }

    static let right = VerdictTests.accuracy
    static let refusal = CheckDefinition.make("refusal", .binary, margin: 0.02)
    static let tokens = VerdictTests.tokens
    static let speed = VerdictTests.speed
    static let rating = VerdictTests.rating

    static func both(_ value: Double?, _ count: Int) -> MetricSamples {
        MetricSamples(
            baseline: [Double?](repeating: value, count: count),
            candidate: [Double?](repeating: value, count: count)
        )
    }

    static func arms(_ baseline: Double?, _ candidate: Double?, _ count: Int = 2000) -> MetricSamples {
        MetricSamples(
            baseline: [Double?](repeating: baseline, count: count),
            candidate: [Double?](repeating: candidate, count: count)
        )
    }

    /// Nothing was there to compare.
    static let nothing: [Row] = [
        Row("both never right", right, both(0, 2000), "good on none of 2,000 requests, so nothing could get worse"),
        Row("both refuse everything", refusal, both(1, 2000), "good on none of 2,000 requests"),
        Row("the baseline never right, the candidate unanswered", right, arms(0, nil), "good on none of 2,000"),
        Row("few, and none right", right, both(0, 5), "good on none of 5 requests"),
        Row(
            "too few right to lose what is allowed",
            right,
            .flips(worse: 12, better: 6, of: 2000, bothBad: 1962),
            "good on 32 of 2,000 requests only: losing them all would be within the 2 points you allow"
        ),
        Row("a metric without any value", right, both(nil, 2000), "2000 of 2000 values are missing"),
        Row("a metric that was never measured", right, MetricSamples(baseline: [], candidate: []), "no samples"),
        Row("only the baseline unscored", right, arms(nil, 1), "2000 of 2000 values are missing"),
        Row("a score of neither", rating, both(nil, 300), "300 of 300 values are missing"),
        Row("a score of not-a-number", rating, both(.nan, 300), "300 of 300 values are missing"),
        Row("times of neither", speed, both(nil, 300), "300 of 300 values are missing"),
        Row("times of 0", speed, both(0, 300), "300 of 300 values are missing"),
        Row("answers without a token", tokens, both(0, 300), "at 0 on all 300 requests"),
        Row(
            "a limit that the baseline never keeps",
            .make("ttft", .duration, margin: 5) { $0.limit = 0.001 },
            .changed((0..<400).map { 0.02 + Double($0 % 97) / 5000 }) { $1 * (0.9 + Double($0 % 11) / 50) },
            "past the limit on all 400 requests, so nothing could get worse"
        ),
    ]

    @Test(arguments: nothing, [Pairing.paired, .unpaired])
    func nothingToCompareDecidesNothing(_ row: Row, pairing: Pairing) {
        let judgment = judge([row.definition], samples: [row.definition.metric: row.samples], pairing: pairing)
        #expect(judgment.verdict == .inconclusive, "\(judgment.reasons)")
        #expect(judgment.requestsNeeded == nil)
        guard pairing == .paired else { return }
        #expect(judgment.isWithoutEvidence)
        #expect(judgment.reasons.first?.contains(row.says) == true, "\(judgment.reasons)")
    }

    /// Good checks beside it do not make it good, and what cannot be mended by more requests is said first.
    @Test(arguments: nothing) func oneWithoutEvidenceKeepsTheRunOpen(_ row: Row) {
        let open = CheckDefinition.make("small", .binary, worse: .lower, margin: 0.02)
        let good = CheckDefinition.make("good", .binary, worse: .lower, margin: 0.02)
        let judgment = judge(
            [good, open, row.definition],
            samples: [
                "good": .flips(worse: 3, better: 3, of: 3000), "small": .flips(worse: 3, better: 2, of: 200),
                row.definition.metric: row.samples,
            ]
        )
        #expect(judgment.verdict == .inconclusive)
        #expect(judgment.checks[0].verdict == .pass)
        #expect(judgment.checks[1].requestsNeeded != nil)
        // No number of requests decides the run, whatever the other check needs.
        #expect(judgment.requestsNeeded == nil)
        #expect(judgment.reasons.first?.contains(row.says) == true, "\(judgment.reasons)")
    }

    @Test func aCandidateThatMendsWhatWasNeverRightIsNoWorse() {
        let mended = judge(
            [Self.right],
            samples: ["exact_match": .flips(worse: 0, better: 1900, of: 2000, bothBad: 100)]
        )
        #expect(mended.verdict == .pass)
    }

    /// Zero of n: the smallest n at which equal arms pass is that of the exact bound, not one less.
    @Test(arguments: [(0.02, false), (0.02, true), (0.01, false), (0.01, true), (0.05, false)])
    func equalGoodArmsPassByTheirBound(margin: Double, critical: Bool) {
        let alpha = critical ? 0.01 : 0.05
        let definition = CheckDefinition.make("m", .binary, worse: .lower, margin: margin) { $0.critical = critical }
        func verdict(_ pairs: Int) -> Verdict {
            judge([definition], samples: ["m": .flips(worse: 0, better: 0, of: pairs)]).verdict
        }
        let exact = Int(log(alpha) / log1p(-margin)) + 1
        let first = (100...2000).first { verdict($0) == .pass }
        // The bound of the test asks for a little more at 1 %.
        #expect((first ?? 0) >= exact)
        #expect((first ?? .max) <= exact * 6 / 5 + 45, "\(first as Any), exact \(exact)")
        // At the margin itself so many equal pairs come up no more often than promised.
        #expect(pow(1 - margin, Double(first ?? 0)) <= alpha)
        let planned = CanaryPlan.requestsNeeded(margin: margin, noise: .discordant(0), alphaPass: alpha)
        #expect(max(100, planned ?? 0) == first)
    }

    @Test(arguments: [Metric.Kind.duration, .amount, .score])
    func equalMeasuresPassByTheirBoundToo(type: Metric.Kind) throws {
        let definition = CheckDefinition.make("m", type, margin: 0.02) { $0.minimumPairs = 50 }
        func judged(_ pairs: Int) -> Judgment {
            judge([definition], samples: ["m": .changed((0..<pairs).map { 1 + Double($0 % 17) }) { $1 }])
        }
        let few = judged(100)
        #expect(few.verdict == .inconclusive)
        #expect(few.reasons.first?.contains("identical on 100 requests, but up to 2.96 % may differ") == true)
        let needed = try #require(few.requestsNeeded)
        #expect(judged(needed - 1).verdict == .inconclusive)
        let enough = judged(needed)
        #expect(enough.verdict == .pass, "\(enough.reasons)")
        let check = enough.checks[0]
        #expect(check.lower == 0 && check.upper == 0)
        #expect((check.bound ?? 1) < check.margin)
        #expect((check.plausibleLower ?? 0) < 0)
    }

    // MARK: What other judges passed

    /// spinnaker#6278: seven of ten at a hundred times the baseline. A pass there.
    @Test func aHundredfoldRiseIsNeverPassed() {
        for type in [Metric.Kind.duration, .amount] {
            let small = MetricSamples(
                baseline: [Double?](repeating: 1, count: 10),
                candidate: (0..<10).map { $0 < 7 ? 100 : 1 }
            )
            let definition = CheckDefinition.make("m", type, margin: 0.25)
            #expect(judge([definition], samples: ["m": small]).verdict == .inconclusive)
            let large = MetricSamples(
                baseline: [Double?](repeating: 1, count: 300),
                candidate: (0..<300).map { $0 % 10 < 7 ? 100 : 1 }
            )
            #expect(judge([definition], samples: ["m": large]).verdict == .fail)
        }
    }

    /// kayenta#426: errors on 0, 1, 2, 1, 0, 0 against none at all. A pass there.
    @Test func sparseErrorsAgainstNoneAreNeverPassed() {
        let counts: [Double?] = [0, 1, 2, 1, 0, 0]
        let amount = CheckDefinition.make("m", .amount, margin: 0.25)
        let small = MetricSamples(baseline: [Double?](repeating: 0, count: 6), candidate: counts)
        #expect(judge([amount], samples: ["m": small]).verdict == .inconclusive)
        let many = MetricSamples(
            baseline: [Double?](repeating: 0, count: 600),
            candidate: (0..<100).flatMap { _ in counts }
        )
        #expect(judge([amount], samples: ["m": many]).verdict == .fail)
        let errors = CheckDefinition.make("m", .binary, margin: 0.01)
        let failing = MetricSamples(
            baseline: [Double?](repeating: 0, count: 600),
            candidate: (0..<600).map { $0 % 2 == 0 ? 0 : 1 }
        )
        #expect(judge([errors], samples: ["m": failing]).verdict == .fail)
    }

    /// kayenta#780, case 1: the same centre, far more spread. A pass there.
    @Test(arguments: [60, 200, 1000]) func moreSpreadAroundTheSameCentreIsNotPassed(pairs: Int) {
        let definition = CheckDefinition.make("m", .duration, margin: 0.05) { $0.tailFactor = 1.5 }
        let spread = MetricSamples(
            baseline: (0..<pairs).map { 100 + Double($0 % 5) },
            candidate: (0..<pairs).map { $0 % 2 == 0 ? 20 : 500 }
        )
        #expect(judge([definition], samples: ["m": spread]).verdict != .pass)
    }

    /// kayenta#700: neither side has data and missing values are read as zero. A pass there.
    @Test func noDataOnEitherSideIsNotPassed() {
        for type in Metric.Kind.allCases {
            let definition = CheckDefinition.make("m", type, margin: 0.25)
            for samples in [MetricSamples(baseline: [], candidate: []), Self.both(.nan, 100), Self.both(nil, 100)] {
                let judgment = judge([definition], samples: ["m": samples])
                #expect(judgment.verdict == .inconclusive)
                #expect(judgment.isWithoutEvidence)
            }
        }
    }
}
