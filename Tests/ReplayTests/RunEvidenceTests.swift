import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// A run that cannot show anything is refused before it starts, or says in its first line why it showed nothing.
@Suite struct RunEvidenceTests {
    private func prompt(_ variables: String = "ticket: { required: true, maxLength: 20 }") throws -> PromptDocument {
        let text = """
            apiVersion: serin/v1
            kind: Prompt
            name: triage
            format: chatml
            messages: [{ role: user, text: "{{ticket}}" }]
            variables: { \(variables) }
            """
        for case .prompt(let prompt) in try Document.parse(text, file: "prompt.yaml") { return prompt }
        preconditionFailure("the text holds a prompt")
    }

    private func set(_ count: Int, _ variables: (Int) -> [String: String]) -> [TrafficRequest] {
        (0..<count).map { TrafficRequest(id: "\($0)", variables: variables($0), expected: "x") }
    }

    /// A set and what is said of it; nothing where all of it can be asked, and whether it is refused.
    @Test func whatCannotBeAskedIsNamed() throws {
        let prompt = try prompt()
        let long = String(repeating: "a", count: 21)
        let rows: [([TrafficRequest], [String], Bool)] = [
            (set(300) { _ in ["ticket": "hi"] }, [], false),
            (
                set(300) { _ in ["text": "hi"] },
                [
                    "variable ticket is missing in 300 of 300 requests",
                    "variable text is not known to prompt triage in 300 of 300 requests",
                ], true
            ),
            (set(100) { $0 < 6 ? [:] : ["ticket": "hi"] }, ["variable ticket is missing in 6 of 100 requests"], true),
            (set(100) { $0 < 5 ? [:] : ["ticket": "hi"] }, ["variable ticket is missing in 5 of 100 requests"], false),
            (
                set(40) { $0 < 30 ? ["ticket": long] : ["ticket": "hi"] },
                ["variable ticket is longer than prompt triage allows in 30 of 40 requests"], true
            ),
            (
                set(10) { _ in ["ticket": "hi", "a\nb": ""] },
                ["variable a?b is not known to prompt triage in 10 of 10 requests"], true
            ),
            ([], [], true),
        ]
        for (requests, problems, isTooFew) in rows {
            let fit = RequestFit(requests, prompt: prompt)
            #expect(fit.problems == problems)
            #expect(fit.isTooFew == isTooFew)
        }
        let optional = try self.prompt("ticket: { required: false }")
        #expect(!RequestFit(set(10) { _ in [:] }, prompt: optional).isTooFew)
    }

    /// What keeps conversations out of a prompt is said before anything runs: a system message that it refuses, a turn that
    /// is too long, tools that its format has no place for, a variable that no message brings.
    @Test func conversationsThatDoNotFitAreNamed() throws {
        func set(_ messages: [ChatMessage]) -> [TrafficRequest] {
            (0..<10).map { TrafficRequest(id: "\($0)", content: .messages(messages)) }
        }
        func document(_ more: String, messages: String = "") throws -> PromptDocument {
            let text = """
                apiVersion: serin/v1
                kind: Prompt
                name: p
                messages:
                  - { role: system, text: "Rules." }
                  - { role: user, text: "{{ticket}}\(messages)" }
                \(more)
                """
            for case .prompt(let prompt) in try Document.parse(text, file: "p.yaml") { return prompt }
            preconditionFailure("the text holds a prompt")
        }
        let user = ChatMessage(role: .user, text: "hi"), system = ChatMessage(role: .system, text: "Be rude.")
        let tool = ChatMessage(role: .tool, text: "sent", answers: "1"),
            said = ChatMessage(role: .assistant, text: "Yes?")
        let long = ChatMessage(role: .user, text: String(repeating: "a", count: 21))
        let one = "variables: { ticket: { maxLength: 20 } }", two = "variables: { ticket: {}, shop: {} }"
        let rows: [([ChatMessage], PromptDocument, String?)] = [
            ([user, said, user], try document("format: chatml\n\(one)"), nil),
            (
                [system, user], try document("format: chatml\n\(one)"),
                "a system message, which prompt p refuses (clientSystem: append or replace takes it), in 10 of 10 requests"
            ), ([system, user], try document("format: chatml\nclientSystem: replace\n\(one)"), nil),
            (
                [user, said, long], try document("format: chatml\n\(one)"),
                "variable ticket is longer than prompt p allows in 10 of 10 requests"
            ),
            (
                [user, tool], try document("format: chatml\n\(one)"),
                "turns of tools, which prompt p of format chatml has no place for, in 10 of 10 requests"
            ), ([user, tool], try document("format: model\n\(one)"), nil),
            (
                [user], try document("format: raw\n\(one)"),
                "a conversation, which prompt p of format raw has no place for, in 10 of 10 requests"
            ),
            (
                [user], try document("format: chatml\n\(two)", messages: " {{shop}}"),
                "a conversation, which does not bring variable ticket of prompt p, in 10 of 10 requests"
            ),
        ]
        for (messages, prompt, problem) in rows {
            let fit = RequestFit(set(messages), prompt: prompt)
            #expect(fit.problems.first == problem && fit.isTooFew == (problem != nil), "\(fit.problems)")
        }
    }

    /// A check of JSON without a schema has nothing to check by; one that is only watched does not matter.
    @Test func validJSONNeedsASchema() throws {
        func document(isWatchOnly: Bool) throws -> CanaryDocument {
            CanaryDocument(
                name: try Name("t"),
                compare: .init(traffic: try Name("t"), requests: 10),
                checks: [
                    CanaryCheck(name: "valid", metric: .jsonValid, margin: 0.01, isWatchOnly: isWatchOnly),
                    CanaryCheck(name: "answered", metric: .availability, margin: 0.01),
                ]
            )
        }
        let schema = try Demo.prompt(schema: true).output
        #expect(try document(isWatchOnly: false).nothingToMeasure(schema: nil)?.contains("no output schema") == true)
        #expect(try document(isWatchOnly: false).nothingToMeasure(schema: schema) == nil)
        #expect(try document(isWatchOnly: true).nothingToMeasure(schema: nil) == nil)
    }

    private func judgment(
        _ checks: [CanaryCheck],
        schema: OutputSchema? = nil,
        pairs: Int = 400,
        _ pair: (Int) -> (expected: String?, baseline: Sample, candidate: Sample)
    ) throws -> Judgment {
        let document = CanaryDocument(
            name: try Name("t"),
            compare: .init(traffic: try Name("t"), requests: pairs),
            checks: checks
        )
        let measured = (0..<pairs).map { index in
            let (expected, baseline, candidate) = pair(index)
            return MeasuredPair(
                request: TrafficRequest(id: "\(index)", variables: [:], expected: expected),
                baseline: baseline,
                candidate: candidate
            )
        }
        let measurements = CanaryMeasurements(document: document, pairs: measured, schema: schema)
        let requests = measured.map(\.request)
        return judge(measurements.definitions, samples: measurements.samples, policy: measurements.policy)
            .compared(as: measurements.comparison)
            .noting(
                measurements.unapplied,
                nil,
                RunNotes(
                    requests: requests,
                    sides: [
                        ("m@r1", measured.map(\.baseline), true), ("m@r2", measured.map(\.candidate), true),
                    ],
                    distinct: DistinctRequests(requests),
                    expectations: Expectations(of: requests),
                    readsExpected: false
                )
            )
    }

    private static let correct = CanaryCheck(
        name: "answers correct",
        metric: .exactMatch,
        margin: 0.02,
        isCritical: true
    )
    private static let answered = CanaryCheck(name: "answered", metric: .availability, margin: 0.01)
    private static let every = [
        correct, answered, CanaryCheck(name: "refusals", metric: .refusal, margin: 0.02),
        CanaryCheck(name: "cut", metric: .truncation, margin: 0.02),
        CanaryCheck(name: "loops", metric: .repetition, margin: 0.02),
        CanaryCheck(name: "length", metric: .outputTokens, margin: 0.1),
        CanaryCheck(name: "same", metric: .baselineAgreement, margin: 0.05),
    ]

    private static func said(_ text: String) -> Sample { Sample(text: text, finish: "stop", outputTokens: 3) }
    private static let empty = Sample(text: "", finish: "stop", outputTokens: 0)
    private static let failed = Sample(error: "the prompt does not fit")

    /// The case as it was met: golden answers written with blanks, a baseline that is right, a candidate that is not.
    @Test func goldenAnswersWithBlanks() throws {
        let schema = try Demo.prompt(schema: true).output
        func pair(_ index: Int) -> (String?, Sample, Sample) {
            let good = #"{"intent":"refund"}"#
            return (
                #"{"intent": "refund"}"#, Self.said(good), Self.said(index % 2 == 0 ? good : #"{"intent":"track"}"#)
            )
        }
        let asJSON = try judgment([Self.correct, Self.answered], schema: schema, pair)
        #expect(asJSON.verdict == .fail)
        #expect(asJSON.checks[0].baseline == 1)
        #expect(asJSON.checks[0].comparedAs == .json)
        #expect(asJSON.checks[1].comparedAs == nil)
        // Without a schema it is text, the baseline has none right, and nothing is decided.
        let asText = try judgment([Self.correct, Self.answered], pair)
        #expect(asText.verdict == .inconclusive)
        #expect(asText.isWithoutEvidence)
        #expect(
            asText.reasons.first?.hasPrefix("answers correct: the baseline is good on none of 400 requests") == true
        )
        #expect(asText.checks[0].comparedAs == .text)
    }

    /// Both silent, all empty, or all failed alike: whichever check decides alone, nothing passes, and the first line says why.
    @Test(arguments: every.map(\.name), [("", "", "an empty answer"), ("failed", "failed", "the prompt does not fit")])
    func allAlikeIsNoEvidence(_ check: String, _ sides: (String, String, String)) throws {
        let sample = sides.0.isEmpty ? Self.empty : Self.failed
        let check = try #require(Self.every.first { $0.name == check })
        let judgment = try judgment([check]) { _ in ("x", sample, sample) }
        #expect(judgment.verdict == .inconclusive, "\(judgment.reasons)")
        #expect(judgment.isWithoutEvidence)
        let first = try #require(judgment.reasons.first)
        #expect(first.contains("m@r1 did not answer 400 of 400 requests: \(sides.2)"), "\(first)")
    }

    /// A candidate that says nothing fails what asks whether it answers, and passes nothing.
    @Test(arguments: every.map(\.name)) func aCandidateThatSaysNothingPassesNothing(_ check: String) throws {
        let check = try #require(Self.every.first { $0.name == check })
        for silent in [Self.empty, Self.failed] {
            let judgment = try judgment([check]) { _ in ("x", Self.said("x"), silent) }
            #expect(judgment.verdict != .pass, "\(judgment.reasons)")
        }
        #expect(try judgment([Self.answered]) { _ in (nil, Self.said("x"), Self.empty) }.verdict == .fail)
    }

    /// A check without evidence is told beside what failed, and values that are missing say why.
    @Test func whatShowsNothingIsToldBesideWhatFails() throws {
        let mixed = try judgment([Self.correct, Self.answered]) { _ in ("other", Self.said("x"), Self.empty) }
        #expect(mixed.verdict == .fail)
        #expect(
            mixed.reasons.contains { $0.hasPrefix("answers correct: the baseline is good on none of 400 requests") }
        )
        let short = Sample(text: "x", finish: "length", outputTokens: 1, totalSeconds: 1)
        let perToken = CanaryCheck(
            name: "per token",
            metric: .timePerOutputToken,
            margin: 0.5,
            slowerThan: .init(factor: 3, share: 0.05),
            over: .init(seconds: 1, share: 0.02)
        )
        let times = try judgment([perToken]) { _ in (nil, short, short) }
        #expect(times.verdict == .inconclusive && times.isWithoutEvidence)
        for check in times.checks {
            #expect(
                check.reason.hasPrefix(
                    "400 of 400 values are missing (100 %), at most 5 % may be: an answer of one token has no time per token"
                ),
                "\(check.reason)"
            )
        }
        let cut = Sample(text: "a b c d", finish: "length", outputTokens: 4)
        for check in [Self.every[4], Self.every[5]] {
            let judgment = try judgment([check]) { _ in (nil, cut, cut) }
            #expect(judgment.verdict == .inconclusive, "\(judgment.reasons)")
            #expect(judgment.reasons.first?.contains("cut") == true)
        }
    }

    /// Reasons that differ in their numbers are one reason.
    @Test func reasonsAreGroupedWithoutTheirNumbers() throws {
        let judgment = try judgment([Self.answered]) { index in
            (nil, Sample(error: "the prompt has at least \(1900 + index) tokens, 1024 fit"), Self.said("x"))
        }
        #expect(
            judgment.reasons.contains {
                $0.contains("m@r1 did not answer 400 of 400 requests: the prompt has at least 1900 tokens, 1024 fit")
            },
            "\(judgment.reasons)"
        )
    }

    /// Nothing is an answer where nothing is what should come.
    @Test func nothingMayBeExpected() throws {
        let judgment = try judgment([Self.correct, Self.answered], pairs: 600) { _ in (" ", Self.empty, Self.empty) }
        #expect(judgment.verdict == .pass, "\(judgment.reasons)")
    }

    /// Arguments of calls are JSON too.
    @Test func equalArgumentsAreTheSameCall() throws {
        func call(_ arguments: String) -> Sample {
            Sample(
                text: "",
                calls: [ToolCall(id: "a", name: "f", arguments: arguments)],
                finish: "stop",
                outputTokens: 3
            )
        }
        let same = CanaryCheck(name: "same", metric: .baselineAgreement, margin: 0.05)
        let equal = try judgment([same]) { _ in (nil, call(#"{"a":1,"b":2}"#), call(#"{"b": 2, "a": 1.0}"#)) }
        #expect(equal.verdict == .pass, "\(equal.reasons)")
        let other = try judgment([same]) { _ in (nil, call(#"{"a":1}"#), call(#"{"a":2}"#)) }
        #expect(other.verdict == .fail)
    }

    /// Where expected answers come from is counted and told: an echo, a correction, or the set.
    @Test func expectationsSayWhereTheyComeFrom() {
        func request(_ id: Int, _ expected: String?, _ source: ExpectationSource?) -> TrafficRequest {
            TrafficRequest(id: "\(id)", variables: [:], expected: expected, expectedFrom: source)
        }
        let mixed = Expectations(
            of: [
                request(1, "a", .answer), request(2, "b", .answer), request(3, "c", .correction), request(4, nil, nil),
            ]
        )
        #expect((mixed.requests, mixed.answers, mixed.corrections, mixed.imported) == (4, 2, 1, 0))
        #expect(
            mixed.words { "\($0)" }
                == "2 a release's own answers that a person called right (another right answer counts as wrong), "
                + "1 a person's correction, 1 without"
        )
        #expect(Expectations(of: [request(1, nil, nil)]).words { "\($0)" } == nil)
        #expect(Expectations(of: [request(1, "a", nil)]).words { "\($0)" } == "1 from the imported set")
    }
}
