import CanaryJudge
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

struct DocumentTests {
    static func document(requests: Int) throws -> CanaryDocument {
        CanaryDocument(
            name: try Name("tickets"),
            compare: .init(traffic: try Name("week47"), requests: requests),
            checks: [
                CanaryCheck(name: "answers correct", metric: .exactMatch, margin: 0.02, isCritical: true),
                CanaryCheck(name: "valid JSON", metric: .jsonValid, margin: 0.01, isCritical: true),
                CanaryCheck(name: "requests answered", metric: .availability, margin: 0.01),
                CanaryCheck(
                    name: "time to first token",
                    metric: .timeToFirstToken,
                    margin: 0.1,
                    slowerThan: .init(factor: 1.5, share: 0.01),
                    over: .init(seconds: 0.8, share: 0.01),
                    isWatchOnly: true
                ),
            ]
        )
    }

    static func samples(requests: Int, worse: Int, better: Int) -> [Metric: MetricSamples] {
        [
            .exactMatch: .flips(worse: worse, better: better, of: requests),
            .jsonValid: .flips(worse: 0, better: 0, of: requests),
            .availability: .flips(worse: 0, better: 0, of: requests),
            .timeToFirstToken: .changed((0..<requests).map { 0.02 + Double($0 % 97) / 5000 }) {
                $1 * (0.9 + Double($0 % 11) / 50)
            },
        ]
    }

    @Test func aDocumentBecomesItsChecks() throws {
        let judgment = judge(
            try Self.document(requests: 2000),
            samples: Self.samples(requests: 2000, worse: 22, better: 16)
        )
        #expect(judgment.verdict == .pass)
        #expect(judgment.reasons == ["all 3 deciding checks pass"])
        #expect(judgment.checks.map(\.aspect) == ["rate", "rate", "rate", "centre", "tail", "limit"])
        #expect(judgment.checks.map(\.alphaPass) == [0.01, 0.01, 0.05, 0.05, 0.05, 0.05])
        #expect(judgment.checks.map(\.watchOnly) == [false, false, false, true, true, true])
        #expect(judgment.checks[0].margin == 0.02)
        #expect(abs(judgment.checks[3].margin - 0.0953101798043249) < 1e-15)
    }

    @Test func aBadReleaseFailsByName() throws {
        let judgment = judge(
            try Self.document(requests: 2000),
            samples: Self.samples(requests: 2000, worse: 700, better: 42)
        )
        #expect(judgment.verdict == .fail)
        #expect(judgment.reasons == ["answers correct: worse by 32.9 points (interval 30.3 to 35.6), you allow 2"])
    }

    @Test(arguments: [(0, 0), (3, 3), (4, 2), (1, 4)])
    func twoHundredRequestsDecideNothing(worse: Int, better: Int) throws {
        let judgment = judge(
            try Self.document(requests: 200),
            samples: Self.samples(requests: 200, worse: worse, better: better)
        )
        #expect(judgment.verdict == .inconclusive)
        // One point at 1 % takes 536 pairs even when nothing ever differs.
        #expect((judgment.requestsNeeded ?? 0) >= 536)
    }

    @Test func aMetricWithoutSamplesKeepsTheRunOpen() throws {
        var samples = Self.samples(requests: 2000, worse: 0, better: 0)
        samples[.jsonValid] = nil
        let judgment = judge(try Self.document(requests: 2000), samples: samples)
        #expect(judgment.verdict == .inconclusive)
        #expect(judgment.reasons == ["valid JSON: there are no samples of json_valid"])
    }
}
