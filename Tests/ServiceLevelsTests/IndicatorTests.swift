import Foundation
import RegistryTypes
import ServiceLevels
import Testing
import UserDocuments

/// Which events count, and which of them are good.
@Suite struct IndicatorTests {
    /// What each outcome of a unary and of a streamed request is to each indicator: v not valid, g good, b bad. The
    /// outcomes are in the order of their declaration: answered, rejected, client gone, overloaded, too many
    /// of its own key, timed out, client's deadline, failed.
    static let outcomes: [(indicator: Indicator, unary: String, streamed: String)] = [
        (.availability, "gvvbvbvb", "gvvbvbvb"),
        (.totalLatency(atMost: 0.5), "gvvvvbvv", "vvvvvvvv"),
        (.timeToFirstToken(atMost: 0.5), "vvvvvvvv", "gvvvvgvv"),
        (.timePerOutputToken(atMost: 0.1, minTokens: 8), "gvvvvvvv", "gvvvvvvv"),
        (.validOutput, "gvvvvvvv", "gvvvvvvv"),
        (.correctness, "vvvvvvvv", "vvvvvvvv"),
        (.userFeedback, "vvvvvvvv", "vvvvvvvv"),
    ]

    private func letters(_ indicator: Indicator, _ records: [RequestRecord]) -> String {
        records.map { record in
            switch indicator.judge(record) {
            case .notValid: "v"
            case .good: "g"
            case .bad: "b"
            }
        }.joined()
    }

    @Test(arguments: outcomes)
    func outcome(_ indicator: Indicator, _ unary: String, _ streamed: String) throws {
        for (isStreamed, expected) in [(false, unary), (true, streamed)] {
            let records = try RequestOutcome.allCases.map {
                try Sample.record(isStreamed: isStreamed, outcome: $0, isOutputValid: true)
            }
            #expect(letters(indicator, records) == expected)
        }
    }

    @Test(arguments: outcomes.map(\.indicator))
    func replaysAndHealthProbesNeverCountWhateverBecameOfThem(_ indicator: Indicator) throws {
        for source in RequestSource.allCases where source != .user {
            for outcome in RequestOutcome.allCases {
                for isStreamed in [false, true] {
                    let record = try Sample.record(
                        source: source,
                        isStreamed: isStreamed,
                        outcome: outcome,
                        isOutputValid: false
                    )
                    #expect(indicator.judge(record) == .notValid)
                }
            }
        }
    }

    /// A measurement in seconds against a limit of half a second.
    static let measurements: [(seconds: Double?, judgement: EventJudgement)] = [
        (0.5, .good), (0.500_001, .bad), (0, .good), (1e9, .bad), (nil, .notValid), (.nan, .notValid),
        (.infinity, .notValid), (-1, .notValid),
    ]

    @Test(arguments: measurements)
    func aMissingMeasurementIsNotValidAndNeverGood(_ seconds: Double?, _ expected: EventJudgement) throws {
        let first = try Sample.record(isStreamed: true, firstToken: seconds)
        #expect(Indicator.timeToFirstToken(atMost: 0.5).judge(first) == expected)
        let pace = try Sample.record(perToken: seconds)
        #expect(Indicator.timePerOutputToken(atMost: 0.5, minTokens: 8).judge(pace) == expected)
        if let seconds {
            #expect(Indicator.totalLatency(atMost: 0.5).judge(try Sample.record(total: seconds)) == expected)
        }
    }

    /// What a caller does with its own request is no event: it may leave when it likes, long after any limit.
    @Test(arguments: outcomes.map(\.indicator))
    func leavingIsNoEvent(_ indicator: Indicator) throws {
        for (isStreamed, first) in [(false, nil), (true, nil), (true, 0.1), (true, 40.0)] as [(Bool, Double?)] {
            let record = try Sample.record(
                isStreamed: isStreamed,
                outcome: .clientGone,
                firstToken: first,
                perToken: 9,
                total: 50,
                isOutputValid: false
            )
            #expect(indicator.judge(record) == .notValid)
        }
    }

    /// A level whose limit nobody has set counts nothing, whatever comes.
    @Test func withoutALimitNothingCounts() throws {
        for indicator: Indicator in [
            .totalLatency(atMost: nil), .timeToFirstToken(atMost: nil), .timePerOutputToken(atMost: nil, minTokens: 8),
        ] {
            #expect(indicator.isOff)
            for outcome in RequestOutcome.allCases {
                for isStreamed in [false, true] {
                    let record = try Sample.record(
                        isStreamed: isStreamed,
                        outcome: outcome,
                        firstToken: nil,
                        total: 900
                    )
                    #expect(indicator.judge(record) == .notValid)
                }
            }
            #expect(indicator.goodEvents.hasSuffix("a time that nobody has set yet"))
        }
        let document = try Sample.document(
            "indicator: { type: totalLatency, atMost: none }\ntarget: 95 %\nwindow: 30 d"
        )
        let again = try JSONDecoder().decode(SLODocument.self, from: JSONEncoder().encode(document))
        #expect(again == document && again.indicator == .totalLatency(atMost: nil))
        let set = try Sample.document("indicator: { type: totalLatency, atMost: 1 s }\ntarget: 95 %\nwindow: 30 d")
        #expect(try set.countingDigest() != document.countingDigest(), "what is set begins to count anew")
    }

    @Test func shortAnswersAnswersWithoutASchemaAndStreamsThatDiedBeforeTheirFirstToken() throws {
        let pace = Indicator.timePerOutputToken(atMost: 0.1, minTokens: 8)
        #expect(pace.judge(try Sample.record(outputTokens: 7)) == .notValid)
        #expect(pace.judge(try Sample.record(outputTokens: 8)) == .good)
        #expect(pace.judge(try Sample.record(outputTokens: nil)) == .notValid)
        #expect(Indicator.validOutput.judge(try Sample.record()) == .notValid)
        #expect(Indicator.validOutput.judge(try Sample.record(isOutputValid: false)) == .bad)
        let silent = try Sample.record(isStreamed: true, outcome: .timedOut, firstToken: nil)
        #expect(Indicator.timeToFirstToken(atMost: 0.5).judge(silent) == .bad)
    }

    @Test func labelsCountForTheIndicatorTheySpeakAbout() throws {
        let labels = try [
            Sample.label(), Sample.label(isCorrect: true), Sample.label(isCorrect: false),
            Sample.label(isLiked: true), Sample.label(isLiked: false), Sample.label(isCorrect: false, isLiked: true),
        ]
        #expect(labels.map(Indicator.correctness.judge) == [.notValid, .good, .bad, .notValid, .notValid, .bad])
        #expect(labels.map(Indicator.userFeedback.judge) == [.notValid, .notValid, .notValid, .good, .bad, .good])
        for indicator in Self.outcomes.map(\.indicator) where !indicator.isSampled {
            #expect(labels.allSatisfy { indicator.judge($0) == .notValid })
        }
    }

    @Test func onlyRequestsToTheChannelAndModelsOfTheDocumentCount() throws {
        let document = try Sample.document(
            "indicator: { type: availability }\ntarget: 99 %\nwindow: 1 d",
            models: "ticket-bot, chat-*"
        )
        #expect(document.judge(try Sample.record()) == .good)
        #expect(document.judge(try Sample.record(model: "chat-two", outcome: .engineFailed)) == .bad)
        #expect(document.judge(try Sample.record(model: "search-sum")) == .notValid)
        #expect(document.judge(try Sample.record(channel: "staging")) == .notValid)
        #expect(document.judge(try Sample.record(channel: nil)) == .notValid)
        let quality = try Sample.document(indicator: "correctness", target: "90 %")
        let wrong = try Sample.label(isCorrect: false)
        #expect(quality.judge(wrong, of: try Sample.record()) == .bad)
        #expect(quality.judge(wrong, of: try Sample.record(channel: "staging")) == .notValid)
        #expect(quality.judge(wrong, of: try Sample.record(source: .replay)) == .notValid)
        for outcome in RequestOutcome.allCases where outcome != .answered {
            #expect(quality.judge(wrong, of: try Sample.record(outcome: outcome)) == .notValid, "\(outcome)")
        }
    }

    @Test func eachIndicatorSaysInWordsWhatCountsAndWhatIsGood() {
        for indicator in Self.outcomes.map(\.indicator) {
            #expect(!indicator.validEvents.isEmpty && !indicator.goodEvents.isEmpty)
        }
        #expect(Indicator.totalLatency(atMost: 0.5).goodEvents == "answered within 500 ms of the arrival")
        #expect(Indicator.timeToFirstToken(atMost: 1).goodEvents == "the first token came within 1 s of the arrival")
    }
}
