import Foundation
import RegistryTypes
import StrictJSON
import Synchronization
import TestSupport
import Testing
import UserDocuments

@testable import Gateway
@testable import ReleaseRuntime

/// Tools and thinking between applications and a model file's own template.
@Suite(.needsDemo) struct ToolTests {
    private static let template = """
        {%- if tools -%}{{- '<|im_start|>system\\n' + tools | tojson + '<|im_end|>\\n' -}}{%- endif -%}
        {%- for m in messages -%}{{- '<|im_start|>' + m.role + '\\n' + m.content -}}
        {%- for c in m.tool_calls or [] -%}
        {{- '<tool_call>\\n{"name": "' + c.function.name + '", "arguments": ' + c.function.arguments | tojson + '}\\n</tool_call>' -}}
        {%- endfor -%}{{- '<|im_end|>\\n' -}}{%- endfor -%}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}
        {%- if enable_thinking -%}{{- '<think>\\n' -}}{%- endif -%}{%- endif -%}
        """

    private static func gateway(thinking: PromptDocument.Thinking? = nil) throws -> TestGateway {
        let scratch = try ScratchFolder()
        let file = try scratch.write("model.gguf", ModelFiles.bytes(template: template))
        return try TestGateway(
            decoding: DecodingSettings(maxTokens: 12),
            weights: LoadedWeights(path: file),
            prompt: PromptDocument(
                name: Name("own"),
                format: .model,
                messages: [PromptMessage(role: .user, text: "{{ticket}}")],
                variables: [PromptVariable(name: "ticket", isRequired: true, maxLength: nil)],
                thinking: thinking
            )
        )
    }

    private static let tools = #", "tools": [{"type": "function", "function": {"name": "f", "z": 1, "a": 2}}]"#

    @Test func toolsReachTheTemplateInTheOrderTheyWereSentIn() async throws {
        let test = try Self.gateway()
        func promptTokens(_ more: String) async throws -> Double? {
            try await test.ask(more).json["usage"]?["prompt_tokens"]?.number
        }
        let plain = try #require(try await promptTokens(""))
        #expect(try #require(try await promptTokens(Self.tools)) > plain)
        #expect(test.last?.body.tools == #"[{"type": "function", "function": {"name": "f", "z": 1, "a": 2}}]"#)
        #expect(try await promptTokens(Self.tools + #", "tool_choice": "none""#) == plain)
        #expect(try await promptTokens(#", "tools": []"#) == plain)
        for bad in ["[{}]", "[1]", #"[{"function": {"name": 5}}]"#] {
            await #expect(throws: GatewayError.self) { try await test.ask(", \"tools\": \(bad)") }
            #expect(test.last?.record.outcome == .rejected)
        }
        // Beside a number that no template holds, and nested as deep as a template takes it.
        _ = try await test.ask(Self.tools + #", "seed": 18446744073709549568"#)
        func nested(_ depth: Int) -> String {
            let list = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #", "tools": [{"function": {"name": "f", "x": "# + list + "}}]"
        }
        _ = try await test.ask(nested(AnswerRequest.maxToolDepth - 3))
        for bad in [nested(AnswerRequest.maxToolDepth - 2), Self.tools + #", "parallel_tool_calls": false"#] {
            await #expect(throws: GatewayError.self) { try await test.ask(bad) }
        }
        // A prompt that has no place for them leaves them out, as before.
        let without = try TestGateway()
        #expect(try await without.ask(Self.tools).json["choices"]?[0]?["finish_reason"]?.text == "stop")
        #expect(without.last?.body.tools == nil)
        _ = try await without.ask(Self.tools + #", "parallel_tool_calls": false"#)
    }

    private static let conversation = """
        {"model": "ticket-bot", "messages": [{"role": "user", "content": "A"},
        {"role": "assistant", "content": null, "reasoning_content": "Hm.",
         "tool_calls": [{"id": "x", "type": "function", "function": {"name": "f", "arguments": "{\\"a\\": 1}"}}]},
        {"role": "tool", "tool_call_id": "x", "content": "42"}]MORE}
        """

    @Test func aRoundWithAToolIsTakenWhereThereIsAPlaceForIt() async throws {
        let body = Array(Self.conversation.replacing("MORE", with: Self.tools).utf8)
        let test = try Self.gateway()
        _ = try await test.gateway.chat(body, TestGateway.call())
        let messages = try #require(test.last?.body.messages)
        #expect(messages[1].calls == [ToolCall(id: "x", name: "f", arguments: #"{"a": 1}"#)])
        #expect(messages[1].thinking == "Hm.")
        #expect(messages[2] == ChatMessage(role: .tool, text: "42", answers: "x"))
        let without = try TestGateway()
        let error = await #expect(throws: GatewayError.self) {
            try await without.gateway.chat(body, TestGateway.call())
        }
        #expect(ErrorAnswer(try #require(error)).code == "unsupported_parameter")
    }

    @Test func thinkingIsApartFromTheContent() async throws {
        let test = try Self.gateway(thinking: .on)
        let message = try await test.ask().json["choices"]?[0]?["message"]
        #expect(message?["content"]?.text == "")
        let thought = try #require(message?["reasoning_content"]?.text)
        #expect(!thought.isEmpty)
        #expect(test.last?.body.thinking == [thought])
        #expect(test.last?.body.answers == [""])
        let events = try await test.ask(#", "stream": true"#).events()
        let deltas = try events.dropLast().compactMap { try JSONText.parse($0)["choices"]?[0]?["delta"] }
        let streamed = deltas.compactMap { $0["reasoning_content"]?.text }.joined()
        let said = deltas.compactMap { $0["content"]?.text }.joined()
        #expect(streamed == thought)
        #expect(said == "")
        let silent = try Self.gateway()
        #expect(try await silent.ask().json["choices"]?[0]?["message"]?["reasoning_content"] == nil)
        #expect(silent.last?.body.thinking == nil)
    }

    /// An answer with all there is, as the engine hands it over.
    private static let answer = Answer(
        text: "",
        thinking: "Hm.",
        calls: [
            ToolCall(id: "abc", name: "f", arguments: #"{"a": "\""}"#), ToolCall(id: "def", name: "g", arguments: "{}"),
        ],
        tokens: [5],
        logProbabilities: [-1],
        finish: .stop,
        promptTokens: 3,
        outputTokens: 1,
        firstTokenSeconds: 0.1,
        perTokenSeconds: nil,
        totalSeconds: 0.2,
        invalidBytes: 0
    )

    @Test func callsEndAStream() async throws {
        let test = try TestGateway()
        let route = try TestGateway.route(2, nil, .pinned, test.loaded, test.engine)
        let completed = Mutex<[CompletedRequest]>([])
        let meter = RequestMeter(
            RequestMeter.Facts(
                call: try TestGateway.call(),
                request: try ChatCompletionRequest(
                    Array(#"{"model": "m", "stream": true, "messages": [{"role": "user", "content": "x"}]}"#.utf8)
                ),
                route: route,
                policy: .redacted,
                unit: nil,
                seed: 0,
                time: Timestamp(milliseconds: 0),
                deadline: try RequestDeadline.usual(),
                arrival: .now
            ),
            now: { Timestamp(milliseconds: 0) },
            done: { value in completed.withLock { $0.append(value) } }
        )
        let (events, source) = AnswerEvents.makeStream()
        source.yield(.finished(choice: 0, Self.answer))
        source.finish()
        let head = AnswerHead(meter.facts.call.id, created: Timestamp(milliseconds: 0), route)
        let stream = AnswerStream(.started(promptTokens: 3, queueSeconds: 0), then: events, meter, head)
        let parts = try await GatewayAnswer.stream(head, stream).events()
        #expect(parts.last == "[DONE]")
        let choices = try parts.dropLast().compactMap { try JSONText.parse($0)["choices"]?[0] }
        let calls = choices.compactMap { $0["delta"]?["tool_calls"] }.first
        #expect(calls?[0]?["index"]?.number == 0 && calls?[1]?["index"]?.number == 1)
        #expect(calls?[0]?["id"]?.text == "abc" && calls?[0]?["type"]?.text == "function")
        #expect(calls?[0]?["function"]?["arguments"]?.text == #"{"a": "\""}"#)
        #expect(choices.last?["finish_reason"]?.text == "tool_calls")
        #expect(completed.withLock { $0.first?.body.calls } == [Self.answer.calls])
        let whole = WholeAnswer(
            head: head,
            choices: [WholeAnswer.Choice(answer: Self.answer, tokens: [])],
            usage: meter.counts,
            wantsLogProbabilities: false,
            isOutputValid: nil
        )
        let choice = try JSONText.parse(String(decoding: whole.json, as: UTF8.self))["choices"]?[0]
        #expect(choice?["message"]?["content"] == .null)
        #expect(choice?["message"]?["reasoning_content"]?.text == "Hm.")
        #expect(choice?["message"]?["tool_calls"]?[1]?["function"]?["name"]?.text == "g")
        #expect(choice?["message"]?["tool_calls"]?[1]?["index"] == nil)
        #expect(choice?["finish_reason"]?.text == "tool_calls")
    }

    /// A schema speaks of what an answer says: calls instead of an answer are neither right nor wrong by it.
    @Test func callsAreNotJudgedByASchema() throws {
        let test = try TestGateway()
        let route = try TestGateway.route(2, nil, .pinned, test.loaded, test.engine)
        let meter = RequestMeter(
            RequestMeter.Facts(
                call: try TestGateway.call(),
                request: try ChatCompletionRequest(
                    Array(#"{"model": "m", "messages": [{"role": "user", "content": "x"}]}"#.utf8)
                ),
                route: route,
                policy: .redacted,
                unit: nil,
                seed: 0,
                time: Timestamp(milliseconds: 0),
                deadline: try RequestDeadline.usual(),
                arrival: .now
            ),
            now: { Timestamp(milliseconds: 0) },
            done: { _ in }
        )
        #expect(route.loaded.prompt.output != nil)
        #expect(meter.isOutputValid([Self.answer]) == nil)
    }
}
