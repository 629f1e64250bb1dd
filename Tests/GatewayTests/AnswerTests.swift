import RegistryTypes
import ReleaseRuntime
import StrictJSON
import Testing
import UserDocuments

@testable import Gateway

/// Whole and streamed answers of a real model.
struct AnswerTests {
    @Test func aWholeAnswerHasOpenAIsShape() async throws {
        let test = try TestGateway()
        let json = try await test.ask().json
        #expect(json["object"]?.text == "chat.completion")
        #expect(json["model"]?.text == "ticket-bot@r2")
        #expect(json["id"]?.text?.hasPrefix("chatcmpl-") == true)
        let choice = json["choices"]?[0]
        #expect(choice?["message"]?["role"]?.text == "assistant")
        #expect(choice?["finish_reason"]?.text == "stop")
        #expect(choice?["logprobs"] == .null)
        let text = try #require(choice?["message"]?["content"]?.text)
        #expect(text.contains("48213"))
        let usage = json["usage"]
        #expect(
            usage?["total_tokens"]?.number == (usage?["prompt_tokens"]?.number ?? 0)
                + (usage?["completion_tokens"]?.number ?? 0)
        )
        #expect(json["serin"]?["release"]?.text == "ticket-bot@r2")
        #expect(json["serin"]?["prompt"]?.text == "triage@3")
        #expect(json["serin"]?["channel"]?.text == "production")
        #expect(json["serin"]?["output_valid"] == .bool(true))

        let record = try #require(test.last?.record)
        #expect(record.outcome == .answered && record.status == 200 && record.finish == "stop")
        #expect(record.isOutputValid == true && record.unit == nil && record.arm == .live)
        #expect(record.outputTokens == usage?["completion_tokens"]?.number.map { Int($0) })
        #expect(try #require(record.meanLogProbability) < 0)
        #expect(test.last?.body.variables == ["ticket": TestGateway.ticket])
        #expect(test.last?.body.answers == [text])
        #expect(record.queueSeconds != nil && record.firstTokenSeconds != nil && record.perTokenSeconds != nil)
    }

    @Test func aStreamIsTheSameAnswerInPieces() async throws {
        let test = try TestGateway()
        let whole = try await test.ask().json
        let events = try await test.ask(#", "stream": true"#).events()
        #expect(events.last == "[DONE]")
        let chunks = try events.dropLast().map { try JSONText.parse($0) }
        #expect(Set(chunks.compactMap { $0["id"]?.text }).count == 1)
        #expect(chunks.allSatisfy { $0["object"]?.text == "chat.completion.chunk" && $0["usage"] == nil })
        #expect(chunks.first?["choices"]?[0]?["delta"]?["role"]?.text == "assistant")
        let text = chunks.compactMap { $0["choices"]?[0]?["delta"]?["content"]?.text }.joined()
        #expect(text == whole["choices"]?[0]?["message"]?["content"]?.text)
        let finishes = chunks.compactMap { $0["choices"]?[0]?["finish_reason"]?.text }
        #expect(finishes == ["stop"])
        #expect(chunks.last?["choices"]?[0]?["finish_reason"]?.text == "stop")
        #expect(chunks.last?["serin"]?["output_valid"] == .bool(true))
        #expect(chunks.count > 5)
        #expect(test.last?.record.isStreamed == true)
        #expect(test.last?.body.answers == [text])
    }

    @Test func usageComesOnlyWhenItIsAskedFor() async throws {
        let test = try TestGateway()
        let events = try await test.ask(#", "stream": true, "stream_options": {"include_usage": true}"#).events()
        let chunks = try events.dropLast().map { try JSONText.parse($0) }
        #expect(chunks.last?["choices"] == .array([]))
        #expect(try #require(chunks.last?["usage"]?["total_tokens"]?.number) > 0)
        #expect(chunks.dropLast().allSatisfy { $0["usage"] == .null })
    }

    @Test func choicesAreNumberedAndEachEndsOnce() async throws {
        let test = try TestGateway()
        let more = #", "n": 3, "temperature": 1.5, "seed": -7"#
        let whole = try await test.ask(more).json
        let events = try await test.ask(more + #", "stream": true"#).events()
        let chunks = try events.dropLast().map { try JSONText.parse($0) }
        for index in 0..<3 {
            let own = chunks.filter { $0["choices"]?[0]?["index"]?.number == Double(index) }
            let text = own.compactMap { $0["choices"]?[0]?["delta"]?["content"]?.text }.joined()
            #expect(text == whole["choices"]?[index]?["message"]?["content"]?.text)
            #expect(own.first?["choices"]?[0]?["delta"]?["role"]?.text == "assistant")
            #expect(own.compactMap { $0["choices"]?[0]?["finish_reason"]?.text }.count == 1)
        }
        #expect(test.last?.record.seed == UInt64(bitPattern: -7))
        #expect(test.last?.body.answers.count == 3)
    }

    @Test func probabilitiesComeWithBytes() async throws {
        let test = try TestGateway()
        let more = #", "logprobs": true, "top_logprobs": 2, "max_tokens": 4"#
        let whole = try await test.ask(more).json
        guard case .array(let tokens) = whole["choices"]?[0]?["logprobs"]?["content"] else {
            Issue.record("no logprobs")
            return
        }
        #expect(tokens.count == 4)
        for token in tokens {
            #expect(try #require(token["logprob"]?.number) <= 0)
            guard case .array(let bytes) = token["bytes"], case .array(let top) = token["top_logprobs"] else {
                Issue.record("no bytes")
                return
            }
            #expect(!bytes.isEmpty && top.count == 2)
        }
        let events = try await test.ask(more + #", "stream": true"#).events()
        let streamed = try events.dropLast().map { try JSONText.parse($0) }
            .compactMap { $0["choices"]?[0]?["logprobs"]?["content"]?[0] }
        #expect(streamed == tokens)
        #expect(whole["choices"]?[0]?["finish_reason"]?.text == "length")
    }

    @Test func aRequestMayAskForLessButNotForMore() async throws {
        let test = try TestGateway(decoding: DecodingSettings(maxTokens: 3))
        let json = try await test.ask(#", "max_completion_tokens": 500"#).json
        #expect(json["usage"]?["completion_tokens"]?.number == 3)
        #expect(try await test.ask(#", "max_tokens": 1"#).json["usage"]?["completion_tokens"]?.number == 1)
    }

    @Test func aStopTextIsNoPartOfTheAnswer() async throws {
        let test = try TestGateway()
        let json = try await test.ask(#", "stop": ["482"]"#).json
        let choice = json["choices"]?[0]
        #expect(choice?["finish_reason"]?.text == "stop")
        #expect(choice?["message"]?["content"]?.text?.contains("482") == false)
    }

    /// What the release left unfinished is its fault; what the request cut off is not.
    @Test(arguments: [(3, "", Bool?.some(false)), (64, #", "max_tokens": 3"#, nil), (64, #", "stop": "482""#, nil)])
    func anAnswerThatWasCutOffAtWishIsNotJudged(_ limit: Int, _ more: String, _ isValid: Bool?) async throws {
        let test = try TestGateway(decoding: DecodingSettings(maxTokens: limit))
        let json = try await test.ask(more).json
        #expect(json["serin"]?["output_valid"] == isValid.map { .bool($0) })
        #expect(test.last?.record.isOutputValid == isValid)
        #expect(test.last?.record.isCutByRequest == (isValid == nil))
    }

    /// Which members make an answer that is not the release's own: whatever becomes of it moves no level and takes no
    /// release back. A limit, a stop text and what the release does anyway change nothing of it.
    @Test(
        arguments: [
            (#", "temperature": 2, "seed": 4"#, true), (#", "top_p": 0.2, "temperature": 1"#, true),
            (#", "logit_bias": {"5": -100}"#, true), (#", "repetition_penalty": 5"#, true),
            (#", "temperature": 0"#, false), (#", "seed": 4"#, false), (#", "max_tokens": 40"#, false),
            (#", "stop": ["zzz"]"#, false), (#", "response_format": {"type": "json_object"}"#, false),
            (#", "n": 2"#, false), (#", "stream": true"#, false), ("", false),
        ] as [(String, Bool)]
    )
    func whatARequestChangesIsItsOwn(_ more: String, _ changes: Bool) async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 0, maxTokens: 48))
        let answer = try await test.ask(more)
        if case .stream = answer { _ = try await answer.events() } else { _ = try answer.json }
        let record = try #require(test.last?.record)
        #expect(record.changesRelease == changes)
        #expect(record.releaseValidity == (changes ? nil : record.isOutputValid))
    }

    /// JSON that only the request wants is measured for it, and says nothing of a prompt that wants none.
    @Test func aFormatOfTheRequestsOwnIsItsOwn() async throws {
        let test = try TestGateway(prompt: TestGateway.prompt(hasSchema: false))
        let json = try await test.ask(#", "response_format": {"type": "json_object"}, "max_tokens": 2"#).json
        #expect(json["serin"]?["output_valid"] == nil, "cut off at its wish")
        _ = try await test.ask(#", "response_format": {"type": "json_object"}"#)
        let record = try #require(test.last?.record)
        #expect(record.isOutputValid != nil && record.changesRelease == true && record.releaseValidity == nil)
    }

    @Test func variablesAndASingleMessageAreTheSameRequest() async throws {
        let test = try TestGateway()
        let whole = try await test.ask().json
        let body = """
            {"model": "ticket-bot@r2", "prompt": "triage", "variables": {"ticket": "\(TestGateway.ticket)"}}
            """
        let other = try await test.gateway.chat(Array(body.utf8), TestGateway.call()).json
        #expect(other["choices"] == whole["choices"])
        #expect(other["serin"]?["arm"]?.text == "pinned" && other["serin"]?["channel"] == .null)
        let bodies = test.all.map(\.body.variables)
        #expect(bodies == [["ticket": TestGateway.ticket], ["ticket": TestGateway.ticket]])
    }

    @Test func aConversationStaysAConversation() async throws {
        let test = try TestGateway(prompt: TestGateway.prompt(clientSystem: .replace))
        let body = """
            {"model": "ticket-bot", "max_tokens": 2, "messages": [{"role": "developer", "content": "Be brief."},
             {"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]}]}
            """
        let answer = try await test.gateway.chat(Array(body.utf8), TestGateway.call())
        #expect(try answer.json["serin"]?["client_system"]?.text == "replace")
        #expect(answer.head.headers.contains { $0.name == "x-serin-client-system" && $0.value == "replace" })
        #expect(
            test.last?.body.messages == [
                ChatMessage(role: .system, text: "Be brief."), ChatMessage(role: .user, text: "Hello"),
            ]
        )
        #expect(test.last?.body.settings == ["maxTokens": .number(2)])
    }
}
