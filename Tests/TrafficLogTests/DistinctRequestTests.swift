import RegistryTypes
import StrictJSON
import Testing

@testable import TrafficLog

/// Copies of a line are no evidence: what counts is how many different things a set asks.
@Suite struct DistinctRequestTests {
    private static func request(
        _ id: String,
        _ variables: [String: String],
        _ expected: String? = nil,
        from source: ExpectationSource? = nil,
        tags: [String: String]? = nil,
        askedAt: Timestamp? = nil,
        tools: String? = nil
    ) -> TrafficRequest {
        TrafficRequest(
            id: id,
            variables: variables,
            expected: expected,
            expectedFrom: source,
            tags: tags,
            askedAt: askedAt,
            tools: tools
        )
    }

    @Test(
        arguments: [
            // Another name, tag, time or expectation asks nothing else.
            ([request("1", ["a": "x"]), request("2", ["a": "x"])], 1, 0),
            ([request("1", ["a": "x"], tags: ["l": "en"]), request("2", ["a": "x"], tags: ["l": "de"])], 1, 0),
            ([request("1", ["a": "x"]), request("2", ["a": "x"], askedAt: Timestamp(milliseconds: 9))], 1, 0),
            ([request("1", ["a": "x"], "y"), request("2", ["a": "x"], "y ")], 1, 1),
            ([request("1", ["a": "x"], "y"), request("2", ["a": "x"])], 1, 0),
            ([request("1", ["a": "1", "b": "2"]), request("2", ["b": "2", "a": "1"])], 1, 0),
            // Another value, variable or tool does, and so does another form of the same character.
            ([request("1", ["a": "x"]), request("2", ["a": "X"])], 2, 0),
            ([request("1", ["a": "x"]), request("2", ["b": "x"])], 2, 0),
            ([request("1", ["a": "bc", "d": ""]), request("2", ["a": "b", "cd": ""])], 2, 0),
            ([request("1", ["a": "x"]), request("2", ["a": "x"], tools: "[]")], 2, 0),
            ([request("1", ["a": "\u{e9}"]), request("2", ["a": "e\u{301}"])], 2, 0),
            ([], 0, 0),
        ] as [([TrafficRequest], Int, Int)]
    )
    func whatIsAskedDecides(_ requests: [TrafficRequest], _ count: Int, _ contradictory: Int) {
        let distinct = DistinctRequests(requests)
        #expect(distinct.count == count)
        #expect(distinct.contradictory == contradictory)
        #expect(distinct.hasRepeats == (count < requests.count))
    }

    /// A correction stands before what a release said, and that before a row without an expectation.
    @Test func theBestRowStandsForItsCopies() {
        let requests = [
            Self.request("none", ["a": "x"]), Self.request("other", ["a": "z"]),
            Self.request("echo", ["a": "x"], "1", from: .answer),
            Self.request("person", ["a": "x"], "2", from: .correction), Self.request("late", ["a": "x"], "3"),
        ]
        #expect(DistinctRequests(requests).representatives == [3, 1])
    }

    /// Each place is there once; what is different comes first, in the order that was drawn; nothing moves without copies.
    @Test(arguments: 1...20) func repeatsComeLast(_ kinds: Int) {
        let requests = (0..<60).map { Self.request("\($0)", ["a": "\($0 * $0 % kinds)"]) }
        let order = Array((0..<60).reversed())
        let distinct = DistinctRequests(requests)
        let arranged = distinct.repeatsLast(order)
        #expect(arranged.sorted() == Array(0..<60))
        let first = arranged.prefix(distinct.count).map { requests[$0].variables["a"] }
        #expect(Set(first).count == distinct.count)
        var seen: Set<String?> = []
        #expect(first == order.map { requests[$0].variables["a"] }.filter { seen.insert($0).inserted })
        let different = (0..<60).map { Self.request("\($0)", ["a": "\($0)"]) }
        #expect(DistinctRequests(different).repeatsLast(order) == order)
    }

    /// Turns and settings are what is asked; what a conversation is called is not.
    @Test func turnsAndSettingsAreWhatIsAsked() {
        func turn(_ text: String, _ role: ChatMessage.Role = .user, calls: [ToolCall]? = nil) -> ChatMessage {
            ChatMessage(role: role, text: text, calls: calls)
        }
        func request(_ messages: [ChatMessage], _ temperature: Double? = nil, in conversation: String? = nil)
            -> TrafficRequest
        {
            TrafficRequest(
                id: "x",
                content: .messages(messages),
                settings: temperature.map { ["temperature": .number($0)] },
                conversation: conversation
            )
        }
        let call = [ToolCall(id: "1", name: "f", arguments: "{}")]
        let rows: [(TrafficRequest, TrafficRequest, Int)] = [
            (request([turn("a")]), request([turn("a")], in: "c"), 1),
            (request([turn("a")]), request([turn("a")], 0.5), 2),
            (request([turn("a")], 0.5), request([turn("a")], 0.7), 2),
            (request([turn("ab")]), request([turn("a"), turn("b")]), 2),
            (request([turn("a", .system), turn("b")]), request([turn("a"), turn("b")]), 2),
            (request([turn("", .assistant, calls: call)]), request([turn("", .assistant)]), 2),
            (request([turn("a")]), TrafficRequest(id: "x", variables: ["ticket": "a"]), 2),
        ]
        for (left, right, count) in rows { #expect(DistinctRequests([left, right]).count == count) }
    }
}
