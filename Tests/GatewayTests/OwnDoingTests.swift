import RegistryTypes
import ReleaseRuntime
import StrictJSON
import Testing

@testable import Gateway

/// What a request brings about itself: it is no word on the release, it is not dropped without a word, and the record keeps it.
struct OwnDoingTests {
    private static func chat(_ test: TestGateway, _ messages: String, _ more: String = "", call: GatewayCall? = nil)
        async throws -> GatewayAnswer
    {
        let body = #"{"model": "ticket-bot", "messages": [\#(messages)]\#(more)}"#
        return try await test.gateway.chat(Array(body.utf8), call ?? TestGateway.call())
    }

    /// A request that leaves no room for an answer cuts it short itself.
    @Test func whatTheContextCutIsNotJudged() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 64))
        var text = "Where"
        let room = test.loaded.contextLength - 4
        while try test.loaded.render(["ticket": text + " is"]).count <= room { text += " is" }
        let json = try await Self.chat(test, #"{"role": "user", "content": "\#(text)"}"#).json
        #expect(json["choices"]?[0]?["finish_reason"]?.text == "length")
        #expect(json["serin"]?["output_valid"] == nil)
        let record = try #require(test.last?.record)
        #expect(record.isOutputValid == nil && record.releaseValidity == nil)
    }

    /// Of several answers the first counts, which is the one that a request for one gets: asking for eight is not eight times
    /// as likely to be bad.
    @Test(arguments: UInt64(1)...6)
    func ofSeveralAnswersTheFirstCounts(_ seed: UInt64) async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 1.6, maxTokens: 40))
        _ = try await test.ask(#", "seed": \#(seed)"#)
        let one = test.last?.record.isOutputValid
        _ = try await test.ask(#", "seed": \#(seed), "n": 8"#)
        #expect(one != nil && test.last?.record.isOutputValid == one)
    }

    /// Words of the model that it never said, and runs of empty messages, are the caller's own.
    @Test(
        arguments: [
            (
                #"{"role": "user", "content": "x"}, {"role": "assistant", "content": "no"}, {"role": "user", "content": "y"}"#,
                3
            ),
            (Array(repeating: #"{"role": "user", "content": ""}"#, count: 20).joined(separator: ","), 20),
        ]
    )
    func severalTurnsMoveNoLevel(_ messages: String, _ turns: Int) async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 30))
        _ = try await Self.chat(test, messages)
        let record = try #require(test.last?.record)
        #expect(record.terms?.turns == turns && record.isOutputValid != nil && record.releaseValidity == nil)
        _ = try await test.ask()
        let plain = try #require(test.last?.record)
        #expect(plain.terms?.turns == 1 && plain.releaseValidity == plain.isOutputValid && plain.isOutputValid != nil)
    }

    /// Thinking that the prompt's format does not write is named, as tools are.
    @Test func thinkingThatIsLeftOutIsNamed() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 2))
        func ask(_ thinking: String) async throws -> GatewayAnswer {
            let messages =
                #"{"role": "user", "content": "x"}, {"role": "assistant", "content": "y", "reasoning_content": \#(thinking)}, {"role": "user", "content": "z"}"#
            return try await Self.chat(test, messages, #", "x_own": 1"#)
        }
        let left = ["messages[].reasoning_content", "x_own"]
        let answer = try await ask(#""because""#)
        #expect(answer.head.leftOut == left && test.last?.record.terms?.leftOut == left)
        #expect(try await ask("null").head.leftOut == ["x_own"])
    }

    @Test func aTokenThatTheModelDoesNotHaveIsRefused() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 2))
        let size = test.loaded.tokenCount
        _ = try await test.ask(#", "logit_bias": {"\#(size - 1)": 5}"#)
        let error = await #expect(throws: GatewayError.self) {
            _ = try await test.ask(#", "logit_bias": {"\#(size)": 5, "999999999": 5}"#)
        }
        #expect(ErrorAnswer(try #require(error)).param == "logit_bias")
        #expect(test.last?.record.outcome == .rejected && test.last?.record.reason == "invalid_value at logit_bias")
    }

    /// The time that a request had, and who said so, is in its record.
    @Test func theRecordHasTheDeadline() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 2))
        let rows: [(GatewayCall, String, RequestTerms.DeadlineOwner, Double, Double?)] = [
            (try TestGateway.call(), "", .server, 60, nil),
            (try TestGateway.call(), #", "stream": true"#, .server, 60, 60),
            (try TestGateway.call(keyDeadlineSeconds: 90), "", .key, 90, nil),
            (try TestGateway.call(deadlineHeader: "30000", keyDeadlineSeconds: 90), "", .client, 30, nil),
        ]
        for (call, more, owner, seconds, idle) in rows {
            let answer = try await test.ask(more, call: call)
            if case .stream = answer { _ = try await answer.events() }
            let terms = try #require(test.last?.record.terms)
            #expect(terms.deadlineOwner == owner && terms.deadlineSeconds == seconds && terms.idleSeconds == idle)
        }
    }

    /// A request that is refused keeps why, wherever it was found; what its caller wrote is only where texts are kept.
    @Test(
        arguments: [
            (#""temperature": 7"#, nil, "invalid_value at temperature"),
            (#""secret-4711": 1"#, nil, "unsupported_parameter"),
            (
                #""messages": [{"role": "user", "content": "x", "secret": 1}]"#, nil,
                "unsupported_parameter at messages[0]"
            ),
            (#""messages": [{"role": "tool", "content": "x"}]"#, nil, "unsupported_parameter at messages[0].role"),
            (#""messages": [{"role": "system", "content": "x"}]"#, nil, "unsupported_parameter at messages[0]"),
            (#""variables": {"secret": "x"}"#, nil, "invalid_value at variables"),
            (#""prompt": "secret@2", "variables": {"ticket": "x"}"#, nil, "invalid_value at prompt"),
            (#""variables": {"ticket": "x"}"#, "7200000", "invalid_value"),
        ] as [(String, String?, String)]
    )
    func aRefusedRequestKeepsWhy(_ members: String, _ deadline: String?, _ reason: String) async throws {
        let test = try TestGateway()
        let needsMessages = !members.contains("messages") && !members.contains("variables")
        let body =
            #"{"model": "ticket-bot", \#(needsMessages ? #""messages": [{"role": "user", "content": "x"}], "# : "")\#(members)}"#
        let error = await #expect(throws: GatewayError.self) {
            _ = try await test.gateway.chat(Array(body.utf8), TestGateway.call(deadlineHeader: deadline))
        }
        let kept = try #require(test.last)
        #expect(test.all.count == 1 && kept.record.outcome == .rejected && kept.record.release == 2)
        #expect(kept.record.reason == reason)
        #expect(kept.body.reason == "\(try #require(error))")
        #expect(kept.record.reason?.contains("secret") == false)
    }

    /// What a prompt did not take is kept as it came.
    @Test func whatWasRefusedIsKeptAsItCame() async throws {
        let test = try TestGateway()
        _ = await #expect(throws: GatewayError.self) {
            _ = try await Self.chat(test, #"{"role": "tool", "content": "abc"}"#)
        }
        #expect(test.last?.body.messages?.map(\.text) == ["abc"])
        let body = #"{"model": "ticket-bot", "prompt": "triage@99", "variables": {"ticket": "abc"}}"#
        _ = await #expect(throws: GatewayError.self) {
            _ = try await test.gateway.chat(Array(body.utf8), TestGateway.call())
        }
        #expect(test.last?.body.variables == ["ticket": "abc"])
    }

    /// A misspelt header of ours is refused: nobody may think that nothing is kept because of a typing error.
    @Test func aHeaderThatNobodyKnowsIsRefused() async throws {
        let test = try TestGateway()
        let call = GatewayCall(
            id: try TestGateway.call().id,
            key: try Name("app"),
            capture: .redacted,
            unknownHeader: "x-serin-captur"
        )
        let error = await #expect(throws: GatewayError.self) { _ = try await test.ask(call: call) }
        #expect(try #require(error).description.contains("did you mean x-serin-capture?"))
        #expect(test.last?.record.capture == .off)
    }

    /// An empty name of a conversation hides none.
    @Test func anEmptyConversationNamesNothing() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 2))
        let more = #", "user": "u", "metadata": {"conversation": "c"}"#
        _ = try await test.ask(more)
        let unit = test.last?.record.unit
        _ = try await test.ask(more, call: TestGateway.call(conversation: ""))
        #expect(unit != nil && test.last?.record.unit == unit)
    }
}
