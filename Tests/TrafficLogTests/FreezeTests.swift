import Foundation
import RegistryTypes
import StrictJSON
import TestSupport
import Testing
import TrafficLog

@Suite struct FreezeTests {
    private static func store(_ scratch: ScratchFolder) async throws -> TrafficStore {
        let store = try TrafficStore(folder: scratch.path)
        // Three days, conversations of five requests.
        for day in 0..<3 {
            try await store.append(
                try (0..<100).map { number in
                    CapturedRequest(
                        try Records.record(number, day: day, unit: "unit-\(day)-\(number / 5)"),
                        body: Records.redacted(Records.body(number)),
                        descriptors: Data((number % 4 == 0 ? "de" : "en").utf8)
                    )
                }
            )
        }
        return store
    }

    @Test func aFrozenSetHoldsWhatWasAskedAndWhatShouldCome() async throws {
        let scratch = try ScratchFolder()
        let store = try await Self.store(scratch)
        for label in [
            try Records.label(0, isCorrect: true), try Records.label(1, correction: "\"right\""),
            try Records.label(2, isCorrect: false),
        ] {
            var redactor = try await store.redactor(for: label.request, key: Records.key)
            _ = try await store.add(redactor.redact(label), isOfRole: true)
        }
        let frozen = try await store.freeze(FreezeQuery(TrafficFilter())) { String(decoding: $0, as: UTF8.self) }
        #expect(frozen.requests.count == 300)
        #expect(frozen.facts.matched == 300)
        #expect(frozen.facts.taken == 300)
        #expect(frozen.facts.labelled == 2)
        #expect(frozen.facts.skipped.isEmpty)
        #expect(frozen.requests.map(\.id) == frozen.requests.map(\.id).sorted())
        let first = frozen.requests[0]
        #expect(first.id == Records.id(0).text)
        #expect(first.variables == ["ticket": "Order 45000, \"quoted\"\nmail <EMAIL_1>"])
        #expect(first.expected == "{\"order\":\"45000\"}")
        #expect(first.tags == ["arm": "live", "release": "r12", "outcome": "answered", "locale": "de"])
        #expect(frozen.requests[1].expected == "\"right\"")
        #expect(frozen.requests[2].expected == nil)
        // It is a traffic set like any other.
        let set = try TrafficSet(frozen.requests)
        #expect(try TrafficSet(data: set.canonicalData()).requests == frozen.requests)
    }

    /// A request that came with tools is the same request only with them.
    @Test func toolsAreFrozenWithTheRequest() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        let tools = #"[{"type": "function", "z": 1, "a": 2}]"#
        let body = RequestBody(variables: ["ticket": "x"], answers: [""], thinking: ["Hm."], tools: tools)
        try await store.append([CapturedRequest(try Records.record(1), body: Records.redacted(body))])
        let frozen = try await store.freeze(FreezeQuery(TrafficFilter()))
        #expect(frozen.requests.map(\.tools) == [tools] && frozen.facts.skipped.isEmpty)
        let set = try TrafficSet(frozen.requests)
        #expect(try TrafficSet(data: set.canonicalData()).requests == frozen.requests)
        // A number that redaction replaced outside of quotes.
        let card = #"[{"function": {"name": "f", "x": 4111111111111111}}]"#
        let broken = RequestBody(variables: ["ticket": "x"], answers: [""], tools: card)
        try await store.append([CapturedRequest(try Records.record(2), body: Records.redacted(broken))])
        #expect(try await store.freeze(FreezeQuery(TrafficFilter())).facts.skipped == [.redactedTools: 1])
        // Sets of before have the same bytes and digests.
        let plain = try TrafficSet([TrafficRequest(id: "1", variables: ["ticket": "x"])]).canonicalData()
        #expect(String(decoding: plain, as: UTF8.self) == #"{"id":"1","variables":{"ticket":"x"}}"# + "\n")
    }

    /// Settings of the request, what the record says of them (changed, cut), and what is frozen of them; nil for nothing at
    /// all, with the reason.
    static let settings: [([String: JSONValue], Bool?, Bool?, [String: JSONValue]?, FreezeFacts.Skip?)] = [
        ([:], nil, nil, nil, nil), ([:], false, false, nil, nil), (["format": .string("json")], nil, nil, nil, nil),
        (["maxTokens": .number(3)], nil, nil, nil, .ownSettings),
        (["maxTokens": .number(3)], false, true, nil, .cutShort),
        (["maxTokens": .number(300)], false, false, nil, nil),
        (["temperature": .number(2)], true, false, ["temperature": .number(2)], nil),
        (["temperature": .number(2), "maxTokens": .number(300)], true, false, ["temperature": .number(2)], nil),
        (["temperature": .number(2), "choices": .number(3)], true, false, ["temperature": .number(2)], nil),
        (["temperature": .number(0)], false, false, nil, nil),
        (["stop": .array([.string("}")])], false, true, nil, .cutShort),
        (["logitBias": .object(["7": .number(5)])], true, false, nil, .ownSettings),
        // What a build of before says no more of.
        ([:], true, false, nil, .ownSettings),
    ]

    /// Half an answer at the client's own wish is no measure of a release; what changed the answer is asked again with it.
    @Test(arguments: settings) func settingsOfARequestAreFrozenWithIt(
        _ settings: [String: JSONValue],
        _ changes: Bool?,
        _ isCut: Bool?,
        _ frozen: [String: JSONValue]?,
        _ skip: FreezeFacts.Skip?
    ) async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        let record = try Records.record(1, changesRelease: changes, isCutByRequest: isCut)
        let body = RequestBody(variables: ["ticket": "x"], settings: settings, answers: [#"{"intent":""#])
        try await store.append([CapturedRequest(record, body: Records.redacted(body))])
        #expect(try await store.request(record.id).record == record)
        let set = try await store.freeze(FreezeQuery(TrafficFilter()))
        #expect(set.facts.taken == (skip == nil ? 1 : 0))
        #expect(set.facts.skipped == (skip.map { [$0: 1] } ?? [:]))
        #expect(set.requests.first?.settings == frozen)
    }

    /// The turns of a conversation are requests with its history, under one name, and every text of them is redacted.
    @Test func conversationsAreFrozen() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        let first = RequestBody(variables: ["ticket": "I am bob@example.com"], answers: ["Hello"])
        let history = [
            ChatMessage(role: .system, text: "Ask for bob@example.com."),
            ChatMessage(role: .user, text: "I am bob@example.com"),
            ChatMessage(
                role: .assistant,
                text: "",
                calls: [ToolCall(id: "c", name: "mail", arguments: #"{"to": "bob@example.com"}"#)]
            ), ChatMessage(role: .tool, text: "sent to eve@example.com", answers: "c"),
            ChatMessage(role: .user, text: "To eve@example.com?"),
        ]
        let second = RequestBody(messages: history, settings: ["temperature": .number(1)], answers: ["Yes"])
        func paying(_ arguments: String) -> RequestBody {
            RequestBody(
                messages: [
                    ChatMessage(role: .user, text: "x"),
                    ChatMessage(
                        role: .assistant,
                        text: "",
                        calls: [ToolCall(id: "c", name: "pay", arguments: arguments)]
                    ),
                    ChatMessage(role: .tool, text: #"{"note":"sent\neve@example.com"}"#, answers: "c"),
                ],
                answers: ["Paid"]
            )
        }
        try await store.append([
            CapturedRequest(try Records.record(1, unit: "u-1"), body: Records.redacted(first)),
            CapturedRequest(
                try Records.record(2, unit: "u-1", changesRelease: true, isCutByRequest: false),
                body: Records.redacted(second)
            ),
            CapturedRequest(
                try Records.record(3, unit: "u-2"),
                body: Records.redacted(paying(#"{"card": 4111111111111111, "n": 3}"#))
            ), CapturedRequest(try Records.record(5, unit: "u-4"), body: Records.redacted(paying("{card:"))),
            CapturedRequest(try Records.record(4, unit: "u-3"), body: Records.redacted(first)),
        ])
        let frozen = try await store.freeze(FreezeQuery(TrafficFilter()))
        #expect(frozen.facts.skipped == [.redactedCalls: 1] && frozen.facts.taken == 4)
        #expect(frozen.requests.map(\.conversation) == ["u-1", "u-1", "u-2", nil])
        #expect(frozen.requests.map(\.settings) == [nil, ["temperature": .number(1)], nil, nil])
        // What stands outside of quotes, and behind an escape, is found and leaves JSON.
        #expect(frozen.requests[2].messages?[1].calls?.first?.arguments == #"{"card":"<CARD_1>","n":3}"#)
        #expect(frozen.requests[2].messages?[2].text == #"{"note":"sent\n<EMAIL_1>"}"#)
        #expect(
            frozen.requests[1].messages?.map(\.text)
                == ["Ask for <EMAIL_1>.", "I am <EMAIL_1>", "", "sent to <EMAIL_2>", "To <EMAIL_2>?"]
        )
        #expect(frozen.requests[1].messages?[2].calls?.first?.arguments == #"{"to":"<EMAIL_1>"}"#)
        let set = try TrafficSet(frozen.requests)
        #expect(try TrafficSet(data: set.canonicalData()).requests == frozen.requests)
        #expect(DistinctRequests(frozen.requests).count == 3)
    }

    /// Turns of a dialogue that nobody named are found by what was said; two that only begin alike are two.
    @Test func dialoguesWithoutANameAreFound() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        func turns(_ texts: String...) -> [ChatMessage] {
            texts.enumerated().map { ChatMessage(role: $0 % 2 == 0 ? .user : .assistant, text: $1) }
        }
        let bodies = [
            RequestBody(variables: ["ticket": "Hello"], answers: ["Hi. "]),
            RequestBody(variables: ["ticket": "Alone"], answers: ["Yes."]),
            RequestBody(messages: turns("Hello", "Hi.", "Where is it?"), answers: ["There."]),
            RequestBody(messages: turns("Hello", "Good day.", "Where is it?"), answers: ["There."]),
            RequestBody(messages: turns("Hello", "Hi.", "Where is it?", "There.", "Thanks"), answers: ["!"]),
        ]
        try await store.append(
            try bodies.enumerated().map { CapturedRequest(try Records.record($0), body: Records.redacted($1)) }
        )
        let requests = try await store.freeze(FreezeQuery(TrafficFilter())).requests
        let first = Records.id(0).text
        #expect(requests.map(\.conversation) == [first, nil, first, nil, first])
    }

    @Test func whatIsLeftOutIsCounted() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        let messages = RequestBody(messages: [ChatMessage(role: .user, text: "hello")], answers: ["ok"])
        try await store.append([
            try Records.captured(0),
            CapturedRequest(try Records.record(1, capture: .metadata)),
            CapturedRequest(try Records.record(2), body: Records.redacted(messages)),
            CapturedRequest(try Records.record(3, source: .replay), body: Records.redacted(Records.body(3))),
            CapturedRequest(try Records.record(4, outcome: .clientGone), body: Records.redacted(Records.body(4))),
        ])
        let facts = try await store.freeze(FreezeQuery(TrafficFilter())).facts
        #expect(facts.matched == 3)
        #expect(facts.taken == 2)
        #expect(facts.skipped == [.noTexts: 1])
        var filter = TrafficFilter()
        filter.outcome = .clientGone
        #expect(try await store.freeze(FreezeQuery(filter)).facts.taken == 1)
        filter.outcome = .timedOut
        let none = try await store.freeze(FreezeQuery(filter))
        #expect(none.requests.isEmpty)
        #expect(none.facts.span == nil)
        try await store.append([CapturedRequest(try Records.record(9, model: "other"))])
        await #expect(throws: TrafficLogError.manyModels([try Name("other"), try Name("ticket-bot")])) {
            try await store.freeze(FreezeQuery(TrafficFilter()))
        }
    }

    @Test func aSampleIsDrawnBySeedInWholeUnits() async throws {
        let scratch = try ScratchFolder()
        let store = try await Self.store(scratch)
        func ids(_ sample: Int, _ seed: UInt64) async throws -> Set<String> {
            let frozen = try await store.freeze(FreezeQuery(TrafficFilter(), sample: sample, seed: seed))
            #expect(frozen.facts.taken <= sample)
            #expect(frozen.facts.taken + (frozen.facts.skipped[.notSampled] ?? 0) == 300)
            return Set(frozen.requests.map(\.id))
        }
        let sample = try await ids(52, 7)
        #expect(sample.count == 52)
        #expect(try await ids(52, 7) == sample)
        #expect(try await ids(52, 8) != sample)
        #expect(try await ids(100, 7).isSuperset(of: sample))
        #expect(try await ids(1000, 7).count == 300)
        // Ten conversations of five, and two requests of the eleventh.
        let units = Dictionary(grouping: (0..<3).flatMap { day in (0..<100).map { (day, $0) } }) {
            "\($0.0)-\($0.1 / 5)"
        }
        let drawn = units.values.map { members in
            members.count { sample.contains(Records.id($0.1, day: $0.0).text) }
        }
        #expect(drawn.count { $0 == 5 } == 10)
        #expect(drawn.filter { $0 != 0 && $0 != 5 } == [2])
        #expect(try await ids(0, 7).isEmpty)
    }

    /// Over many seeds every unit is drawn about as often as any other.
    @Test func noUnitIsPreferred() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        try await store.append(try (0..<40).map { try Records.captured($0) })
        var drawn: [String: Int] = [:]
        for seed in 0..<200 as Range<UInt64> {
            for request in try await store.freeze(FreezeQuery(TrafficFilter(), sample: 10, seed: seed)).requests {
                drawn[request.id, default: 0] += 1
            }
        }
        #expect(drawn.count == 40)
        // 50 expected each, standard deviation 6.1: five of them either way.
        #expect(drawn.values.allSatisfy { (20...80).contains($0) })
    }

    @Test func theQueryIsSaidInWords() throws {
        var filter = TrafficFilter(model: try Name("ticket-bot"), since: Records.noon)
        try filter.set("release", to: "r12")
        try filter.set("correct", to: "no")
        #expect(
            FreezeQuery(filter, sample: 300, seed: 7).text
                == "model=ticket-bot since=2026-11-21T12:00:00.000Z release=r12 source=user outcome=answered correct=no sample=300 seed=7"
        )
        #expect(FreezeQuery(TrafficFilter()).text == "source=user outcome=answered")
    }
}
