import RegistryRecords
import RegistryTypes
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// What a pair says about a metric, above all when a side said nothing.
@Suite struct MeasuredPairTests {
    private static let answered = Sample(
        text: "yes",
        finish: "stop",
        outputTokens: 3,
        ttftSeconds: 0.1,
        tpotSeconds: 0.01,
        totalSeconds: 0.2,
        answerScore: -3,
        answerScoreTokens: 2
    )
    private static let failed = Sample(error: "out of memory")

    private func values(_ metric: Metric, _ baseline: Sample, _ candidate: Sample, expected: String? = "yes")
        -> [Double?]
    {
        let request = TrafficRequest(id: "1", variables: [:], expected: expected)
        let pair = MeasuredPair(request: request, baseline: baseline, candidate: candidate)
        let (left, right) = pair.values(of: Measure(metric), schema: nil)
        return [left, right]
    }

    @Test(
        arguments: [
            (Metric.exactMatch, [1, 1]), (.availability, [1, 1]), (.refusal, [0, 0]), (.jsonValid, [nil, nil]),
            (.truncation, [0, 0]), (.repetition, [0, 0]), (.timeToFirstToken, [0.1, 0.1]),
            (.timePerOutputToken, [0.01, 0.01]), (.totalTime, [0.2, 0.2]),
            (.outputTokens, [3, 3]), (.baselineLogProbability, [-1.5, -1.5]), (.baselineAgreement, [1, 1]),
        ] as [(Metric, [Double?])]
    )
    func bothAnswered(_ metric: Metric, _ expected: [Double?]) {
        #expect(values(metric, Self.answered, Self.answered) == expected)
    }

    /// An answer that the candidate does not give is a bad one where answers are good or bad, and no time at all.
    @Test(
        arguments: [
            (Metric.exactMatch, [1, 0]), (.availability, [1, 0]), (.refusal, [0, 1]), (.jsonValid, [nil, nil]),
            (.truncation, [0, 1]), (.repetition, [0, 1]), (.timeToFirstToken, [0.1, nil]), (.totalTime, [0.2, nil]),
            (.outputTokens, [3, nil]),
            (.baselineLogProbability, [-1.5, nil]), (.baselineAgreement, [1, 0]),
        ] as [(Metric, [Double?])]
    )
    func theCandidateFailed(_ metric: Metric, _ expected: [Double?]) {
        #expect(values(metric, Self.answered, Self.failed) == expected)
    }

    /// What the baseline did not answer says nothing about the candidate, apart from availability.
    @Test(arguments: Metric.allCases)
    func theBaselineFailed(_ metric: Metric) {
        let isAvailability = metric == .availability
        #expect(values(metric, Self.failed, Self.answered) == (isAvailability ? [0, 1] : [nil, nil]))
        #expect(values(metric, Self.failed, Self.failed) == (isAvailability ? [0, 0] : [nil, nil]))
    }

    @Test func nobodySaidWhatToExpect() {
        #expect(values(.exactMatch, Self.answered, Self.answered, expected: nil) == [nil, nil])
        #expect(values(.exactMatch, Self.answered, Self.failed, expected: nil) == [nil, nil])
    }

    /// An answer is cut when its limit ended it; a sample that does not say how it ended says nothing.
    @Test(arguments: [("stop", 0.0), ("length", 1), (nil, nil)] as [(String?, Double?)])
    func truncation(_ finish: String?, _ value: Double?) {
        let sample = Sample(text: "yes", finish: finish)
        #expect(values(.truncation, sample, sample) == [value, value])
    }

    /// An answer of one token has no time per token: nobody is slower by it, whichever side it is on.
    @Test func whatIsAnsweredIsFinished() {
        let single = Sample(text: "y", finish: "length", outputTokens: 1, ttftSeconds: 0.1, totalSeconds: 0.1)
        for (left, right) in [(Self.answered, single), (single, single)] {
            #expect(values(.timePerOutputToken, left, right) == [nil, nil])
        }
        #expect(values(.timePerOutputToken, single, Self.answered) == [nil, 0.01])
        #expect(values(.timePerOutputToken, Self.answered, Self.failed) == [0.01, nil])
    }

    /// What a limit on tokens cut shows neither how long it would have become nor whether it would have repeated itself.
    @Test func aLimitHidesWhatWouldHaveCome() {
        let cut = Sample(text: "one two three four", finish: "length", outputTokens: 4)
        let whole = Sample(text: "one two three four", finish: "stop", outputTokens: 4)
        let loop = Sample(text: String(repeating: "a b c d ", count: 6), finish: "length", outputTokens: 24)
        #expect(values(.outputTokens, cut, cut) == [nil, nil])
        #expect(values(.outputTokens, whole, cut) == [4, 4])
        #expect(values(.outputTokens, cut, whole) == [4, 4])
        #expect(values(.repetition, cut, cut) == [nil, nil])
        #expect(values(.repetition, whole, cut) == [nil, nil])
        #expect(values(.repetition, cut, loop) == [nil, nil])
        #expect(values(.repetition, whole, loop) == [0, 1])
        #expect(values(.repetition, loop, loop) == [1, 1])
    }

    /// Whatever has no value says why.
    @Test(arguments: Metric.allCases) func whatIsMissingHasAReason(_ metric: Metric) {
        let samples = [
            Self.answered, Self.failed, Sample(text: "", finish: "stop"), Self.calling("{}"),
            Sample(text: "x", finish: "length", outputTokens: 1),
        ]
        for (left, right) in samples.flatMap({ left in samples.map { (left, $0) } }) {
            for expected in ["yes", nil] {
                let request = TrafficRequest(id: "1", variables: [:], expected: expected)
                let pair = MeasuredPair(request: request, baseline: left, candidate: right)
                let (baseline, candidate) = pair.values(of: Measure(metric), schema: nil)
                let isMissing = baseline == nil || candidate == nil
                #expect((pair.reasonWithout(Measure(metric), schema: nil) != nil) == isMissing)
            }
        }
    }

    /// A score over no tokens is no score.
    @Test func noTokensNoScore() {
        let empty = Sample(text: "", answerScore: 0, answerScoreTokens: 0)
        #expect(values(.baselineLogProbability, empty, empty) == [nil, nil])
    }

    private static func calling(_ arguments: String, id: String = "a", thinking: String? = nil) -> Sample {
        Sample(
            text: "",
            thinking: thinking,
            calls: [ToolCall(id: id, name: "f", arguments: arguments)],
            finish: "stop",
            outputTokens: 3
        )
    }

    /// Calls of tools are answers too: two that say nothing and call different things do not agree.
    @Test func callsAreCompared() throws {
        let one = Self.calling("{}"), other = Self.calling(#"{"a": 1}"#)
        #expect(values(.baselineAgreement, one, other) == [1, 0])
        #expect(values(.baselineAgreement, one, Sample(text: "", finish: "stop")) == [1, 0])
        #expect(values(.baselineAgreement, one, Self.calling("{}", id: "b", thinking: "Hm.")) == [1, 1])
        let request = TrafficRequest(id: "1", variables: [:])
        func pair(_ left: Sample, _ right: Sample) -> MeasuredPair {
            MeasuredPair(request: request, baseline: left, candidate: right)
        }
        #expect(pair(one, other).isDifferent)
        #expect(!pair(one, Self.calling("{}", id: "b", thinking: "Hm.")).isDifferent)
        let schema = try #require(try Demo.prompt(schema: true).output)
        let (left, right) = pair(one, Self.answered).values(of: Measure(.jsonValid), schema: schema)
        #expect(left == nil && right == 0)
        // The candidate's call is no bad JSON either.
        let called = pair(Sample(text: #"{"intent":"refund"}"#, finish: "stop"), one).values(
            of: Measure(.jsonValid),
            schema: schema
        )
        #expect(called.baseline == nil && called.candidate == nil)
    }

    /// The report keeps what both thought and called beside what they said.
    @Test func theReportShowsThinkingAndCalls() throws {
        let pairs = [
            MeasuredPair(
                request: TrafficRequest(id: "1", variables: ["ticket": "x"]),
                baseline: Self.calling("{}", thinking: "Hm."),
                candidate: Sample(text: "no", finish: "stop")
            )
        ]
        let shown = WorstPairs.select(from: pairs, document: Demo.document, schema: nil, limit: 20)
        #expect(shown.map(\.baseline.thinking) == ["Hm."])
        #expect(shown.map(\.baseline.said) == ["calls f {}"])
        #expect(shown.map(\.candidate.said) == ["no"] && shown.map(\.candidate.thinking) == [nil])
    }
}
