import AnswerMetrics
import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import TestSupport
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// What the metrics of answers say of one answer, and what they do not say.
@Suite struct MetricValueTests {
    private static func told(_ change: (inout MetricParameters) -> Void) -> MetricParameters {
        var parameters = MetricParameters()
        change(&parameters)
        return parameters
    }

    private static func field(_ name: String = "intent") -> MetricParameters { told { $0.field = FieldPath(name) } }

    private static func label(_ label: String, field: String? = "intent") -> MetricParameters {
        told { told in
            told.label = label
            told.field = field.flatMap(FieldPath.init)
        }
    }

    private static func texts(_ texts: String..., ignoreCase: Bool? = nil) -> MetricParameters {
        told { told in
            told.texts = texts
            told.ignoreCase = ignoreCase
        }
    }

    private static func patterns(_ sources: String...) -> MetricParameters {
        told { $0.patterns = sources.compactMap { try? AnswerPattern($0) } }
    }

    /// A text, what is expected of it, and its value; nil where it is not asked or cannot be said.
    private static let rows: [(Metric, MetricParameters, String, String?, Double?)] = [
        (.fieldMatch, field(), #"{"intent":"refund","n":1}"#, #"{"intent": "refund"}"#, 1),
        (.fieldMatch, field(), #"{"intent":"track"}"#, #"{"intent": "refund"}"#, 0),
        (.fieldMatch, field(), "refund", #"{"intent": "refund"}"#, 0), (.fieldMatch, field(), "{}", "refund", nil),
        (.fieldMatch, field(), "{}", nil, nil),
        (.fieldAccuracy, told { _ in }, #"{"a":1,"b":3}"#, #"{"a":1,"b":2}"#, 0.5),
        (.fieldAccuracy, told { _ in }, "x", #"{"a":1}"#, 0), (.fieldAccuracy, told { _ in }, "x", "y", nil),
        (.labelRecall, label("refund"), #"{"intent":"refund"}"#, #"{"intent":"refund"}"#, 1),
        (.labelRecall, label("refund"), #"{"intent":"track"}"#, #"{"intent":"refund"}"#, 0),
        (.labelRecall, label("refund"), #"{"intent":"refund"}"#, #"{"intent":"track"}"#, nil),
        (.labelRecall, label("yes", field: nil), " yes\n", "yes", 1),
        (.labelRecall, label("yes", field: nil), "no", "yes", 0),
        (.numericMatch, told { $0.tolerance = NumberTolerance(relative: 0.01) }, "It is 99.5.", "100", 1),
        (.numericMatch, told { $0.tolerance = NumberTolerance(absolute: 0) }, "It is 99.5.", "100", 0),
        (.numericMatch, told { $0.tolerance = NumberTolerance() }, "no", "100", 0),
        (.numericMatch, told { $0.tolerance = NumberTolerance() }, "5", "none", nil),
        (.editSimilarity, told { _ in }, "kitten", "sitting", 1 - 3.0 / 7),
        (.tokenF1, told { _ in }, "the cat", "a cat sat", 0.4),
        (.rougeL, told { _ in }, "sat cat", "cat sat", 0.5), (.tokenF1, told { _ in }, "x", "...", nil),
        (.jsonText, told { _ in }, "[1]", nil, 1), (.jsonText, told { _ in }, "[1", nil, 0),
        (.contains, texts("a", "B"), "xaB", nil, 1), (.contains, texts("a", "B"), "xab", nil, 0),
        (.contains, texts("a", "B", ignoreCase: true), "xAb", nil, 1), (.contains, texts("a"), "", nil, 0),
        (.containsNot, texts("a", "b"), "xyz", nil, 1), (.containsNot, texts("a", "b"), "xb", nil, 0),
        (.regex, patterns(#"\d+"#), "no 5", nil, 1), (.regex, patterns(#"\d+"#), "no", nil, 0),
        (.blockedPattern, patterns("a", "b"), "xb", nil, 1), (.blockedPattern, patterns("a", "b"), "x", nil, 0),
        (.personalData, told { _ in }, "Write to ann@example.org", nil, 1),
        (.personalData, told { _ in }, "Write to <EMAIL_1>", nil, 0),
        (.languageKept, told { _ in }, "Das Paket ist noch nicht bei uns, bitte warten Sie auf die Nachricht.", nil, 1),
        (.languageKept, told { _ in }, "The parcel is not here yet, please wait for the message from us.", nil, 0),
        (.languageKept, told { _ in }, "{}", nil, nil),
        (.loop, told { _ in }, String(repeating: "It is so. ", count: 9), nil, 1),
        (.loop, told { _ in }, "It is so.", nil, 0), (.answerLength, told { _ in }, "e\u{301}日😀", nil, 4),
        (.reasoningLength, told { _ in }, "yes", nil, 3),
        (.cost, told { told in (told.promptPrice, told.outputPrice) = (2, 10) }, "yes", nil, 0.00007),
        (.toolName, told { _ in }, "yes", #"{"name":"find"}"#, 0), (.toolName, told { _ in }, "yes", "yes", nil),
    ]

    private static let question = "Wo ist denn mein Paket? Ich habe es noch nicht bekommen und warte seit einer Woche."

    @Test func valuesOfAnAnswer() {
        for (metric, parameters, text, expected, value) in Self.rows {
            let measure = Measure(metric, parameters)
            let request = TrafficRequest(id: "1", variables: ["ticket": Self.question], expected: expected)
            let sample = Sample(text: text, thinking: "Hm.", finish: "stop", promptTokens: 20, outputTokens: 3)
            let pair = MeasuredPair(request: request, baseline: sample, candidate: sample)
            let (left, right) = pair.values(of: measure, schema: nil)
            #expect(
                left == right && left.map { abs($0 - (value ?? -1)) < 1e-12 } == value.map { _ in true },
                "\(measure.identity) \(text)"
            )
            if metric.needsLabels {
                #expect(measure.isAsked(by: request) == (value != nil), "\(measure.identity) \(text)")
            }
            #expect((pair.reasonWithout(measure, schema: nil) == nil) == (left != nil))
        }
    }

    /// What the candidate does not answer is wrong where answers are right or wrong, and no number elsewhere.
    @Test func whatDoesNotCome() {
        for (metric, parameters, text, expected, value) in Self.rows where value != nil {
            let request = TrafficRequest(id: "1", variables: ["ticket": Self.question], expected: expected)
            let sample = Sample(text: text, finish: "stop", promptTokens: 20, outputTokens: 3)
            guard sample.answers(request) else { continue }
            let pair = MeasuredPair(request: request, baseline: sample, candidate: Sample(error: "out of memory"))
            let (_, right) = pair.values(of: Measure(metric, parameters), schema: nil)
            #expect(right == (metric.kind == .binary ? metric.higherIsWorse ? 1 : 0 : nil), "\(metric)")
            let silent = MeasuredPair(request: request, baseline: Sample(error: "x"), candidate: sample)
            let (left, other) = silent.values(of: Measure(metric, parameters), schema: nil)
            #expect(left == nil && other == nil, "\(metric)")
        }
    }

    @Test func calls() {
        let request = TrafficRequest(id: "1", variables: [:], expected: #"[{"name":"find","arguments":{"id":1}}]"#)
        func values(_ metric: Metric, _ arguments: String) -> Double? {
            let sample = Sample(
                text: "",
                calls: [ToolCall(id: "x", name: "find", arguments: arguments)],
                finish: "tool_calls"
            )
            return MeasuredPair(request: request, baseline: sample, candidate: sample).values(
                of: Measure(metric),
                schema: nil
            )
            .candidate
        }
        #expect(values(.toolName, "{}") == 1 && values(.toolArguments, "{}") == 0)
        #expect(values(.toolArguments, #"{ "id": 1.0 }"#) == 1)
        #expect(values(.personalData, #"{"to":"ann@example.org"}"#) == 1)
        // Nothing is said of the text that a call has not.
        #expect(values(.jsonText, "{}") == nil)
    }

    @Test func howFarTheBaselineIsFollowed() {
        let request = TrafficRequest(id: "1", variables: [:])
        let pair = MeasuredPair(request: request, baseline: Sample(text: "abcd"), candidate: Sample(text: "abXd"))
        let (left, right) = pair.values(of: Measure(.firstDivergence), schema: nil)
        #expect(left == 1 && right == 0.5)
    }

    private static func measurements(_ checks: [CanaryCheck], _ pairs: [MeasuredPair]) throws -> CanaryMeasurements {
        let comparison = CanaryDocument.Comparison(traffic: try Name("week47"), requests: pairs.count)
        let document = CanaryDocument(name: try Name("metrics"), compare: comparison, checks: checks)
        return CanaryMeasurements(document: document, pairs: pairs, schema: nil)
    }

    private static func pair(_ index: Int, _ expected: String, _ baseline: String, _ candidate: String) -> MeasuredPair
    {
        let request = TrafficRequest(id: "\(index)", variables: ["ticket": question], expected: expected)
        return MeasuredPair(request: request, baseline: Sample(text: baseline), candidate: Sample(text: candidate))
    }

    /// Equal metrics with other parameters are other checks, with values of their own.
    @Test func equalMetricsWithOtherParametersAreOtherChecks() throws {
        let checks = ["a", "\u{e9}", "e\u{301}"].map {
            CanaryCheck(
                name: $0.unicodeScalars.map { "\($0.value)" }.joined(),
                metric: .contains,
                parameters: Self.texts($0),
                margin: 0.02
            )
        }
        let found = try Self.measurements(checks, (0..<3).map { Self.pair($0, "x", "a\u{e9}", "e\u{301}") })
        #expect(found.definitions.map(\.metric) == checks.map(\.measure.identity))
        #expect(Set(found.samples.keys).count == 3)
        #expect(found.definitions.map { found.samples[$0.metric]?.baseline } == [[1, 1, 1], [1, 1, 1], [0, 0, 0]])
        #expect(found.definitions.map { found.samples[$0.metric]?.candidate } == [[0, 0, 0], [0, 0, 0], [1, 1, 1]])
        #expect(Metric.title(of: found.definitions[1].metric) == #"has a text in it (texts="\u{e9}")"#)
    }

    /// Of 400 requests a quarter is `refund`; the baseline finds all of them and says it of 20 more, the candidate of 60 more.
    @Test func precisionOfALabel() throws {
        let pairs = (0..<400).map { index in
            Self.pair(
                index,
                index % 4 == 0 ? "refund" : "track",
                index % 4 == 0 || index % 15 == 1 ? "refund" : "track",
                index % 4 == 0 || index % 5 == 1 ? "refund" : "track"
            )
        }
        let parameters = Self.label("refund", field: nil)
        let checks = [
            CanaryCheck(name: "said", metric: .labelPrecision, parameters: parameters, margin: 0.05),
            CanaryCheck(name: "found", metric: .labelRecall, parameters: parameters, margin: 0.05),
        ]
        let found = try Self.measurements(checks, pairs)
        let judged = judge(found.definitions, samples: found.samples, policy: found.policy, pairing: .paired).checks
        let said = (0..<400).count { $0 % 4 == 0 || $0 % 15 == 1 },
            saidNow = (0..<400).count { $0 % 4 == 0 || $0 % 5 == 1 }
        #expect(judged[0].baseline.map { abs($0 - 100 / Double(said)) < 1e-9 } == true)
        #expect(judged[0].candidate.map { abs($0 - 100 / Double(saidNow)) < 1e-9 } == true)
        #expect(judged[0].verdict == .fail && judged[0].samples == 400)
        #expect(judged[1].samples == 100 && judged[1].baseline == 1 && judged[1].verdict == .pass)
        // Too few of them say it.
        let few = try Self.measurements(
            [checks[0]],
            (0..<200).map { Self.pair($0, "refund", $0 < 19 ? "refund" : "x", "refund") }
        )
        let verdict = try #require(judge(few.definitions, samples: few.samples, policy: few.policy).checks.first)
        #expect(verdict.verdict == .inconclusive && verdict.reason.contains("19 answers of the baseline say the label"))
    }

    @Test func whatNobodyAsksForIsNoPass() throws {
        let check = CanaryCheck(name: "city", metric: .fieldMatch, parameters: Self.field("city"), margin: 0.02)
        let thought = CanaryCheck(name: "thinking", metric: .reasoningLength, margin: 0.1)
        let pairs = (0..<300).map { Self.pair($0, #"{"intent":"refund"}"#, "{}", "{}") }
        let found = try Self.measurements([check, thought], pairs)
        let judged = judge(found.definitions, samples: found.samples, policy: found.policy)
        #expect(judged.checks.map(\.verdict) == [.inconclusive, .inconclusive])
        #expect(judged.checks[0].reason.contains("no expected answer is JSON with the field city"))
        #expect(judged.checks[1].reason.contains("no answer thinks before it speaks"))
        let comparison = CanaryDocument.Comparison(traffic: try Name("week47"), requests: 300)
        let document = CanaryDocument(name: try Name("metrics"), compare: comparison, checks: [check])
        #expect(
            document.nothingAsked(of: pairs.map(\.request))
                == "check \"city\" has nothing to look at: no expected answer is JSON with the field city"
        )
        #expect(document.nothingAsked(of: [TrafficRequest(id: "1", variables: [:])]) == nil)
    }

    /// What only the engines can say is measured while they are there and stored with the samples: nothing of a release beside
    /// itself, something of a damaged one.
    @Test(.needsDemo, arguments: [("v1", true), ("v2", false)])
    func whatTheEnginesSay(_ version: String, _ isSame: Bool) async throws {
        let metrics: [Metric] = [
            .tokenDivergence, .topTokenChanged, .embeddingExpected, .embeddingBaseline, .firstDivergence,
        ]
        let document = CanaryDocument(
            name: try Name("engines"),
            compare: CanaryDocument.Comparison(traffic: try Name("week47"), requests: 40),
            checks: metrics.map { CanaryCheck(name: $0.title, metric: $0, margin: $0.defaultMargin) }
        )
        let set = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl")))
        let folder = try ScratchFolder()
        let replay = CanaryReplay(
            record: try Demo.canary(requests: 40, seed: 3),
            document: document,
            candidate: try Demo.record(2),
            baseline: try Demo.record(1),
            requests: Array(set.requests.prefix(60)),
            samplesPath: folder.file("engines.db"),
            build: "test"
        )
        let report = try await replay.run(candidate: Demo.side(version), baseline: Demo.side("v1")) { _, _ in }
        let checks = report.judgment.checks
        #expect(checks.map(\.samples) == [40, 40, 40, 40, 40] && checks.allSatisfy { $0.missing == 0 })
        #expect(checks.map(\.metric) == metrics.map(\.rawValue))
        #expect(
            checks[0].baseline == 0 && checks[1].baseline == 0 && checks[3].baseline == 1 && checks[4].baseline == 1
        )
        if isSame {
            #expect(checks.allSatisfy { $0.estimate == 0 && $0.baseline == $0.candidate })
        } else {
            #expect(checks[0].candidate.map { $0 > 0 } == true && checks[3].candidate.map { $0 < 1 } == true)
            #expect(checks.allSatisfy { $0.verdict != .pass })
        }
    }
}
