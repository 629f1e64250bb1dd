import ChatTemplate
import GGUF
import Inference
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import Tokenizers
import UserDocuments

@testable import ReleaseRuntime

/// Thinking and calls of tools are kept apart from what an answer says.
@Suite struct AnswerReaderTests {
    private static let call = "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1}}</tool_call>"
    private static let answers: [(opens: Bool, text: String, thinking: String?, said: String, calls: Int)] = [
        (false, "Yes.", nil, "Yes.", 0), (false, "<think>\nHm.\n</think>\n\nYes.", "Hm.", "Yes.", 0),
        (true, "Hm.</think>Yes.", "Hm.", "Yes.", 0), (true, "Hm, and no end", "Hm, and no end", "", 0),
        (false, "See <think> here", nil, "See <think> here", 0),
        (true, "Hm.</think>\n" + call, "Hm.", "", 1), (false, "I look. " + call, nil, "I look.", 1),
        // What is only thought of is not called.
        (true, call + "</think>No.", call, "No.", 0),
    ]

    @Test(arguments: answers)
    func partsOfAnAnswer(_ opens: Bool, _ text: String, _ thinking: String?, _ said: String, _ calls: Int) {
        let shape = AnswerShape(
            thinking: ThinkingMarkers.known.first { $0.name == "think" },
            opensThinking: opens,
            calls: ToolCallFamily.named("hermes")
        )
        for size in [1, 3, 1000] {
            var reader = AnswerReader(shape)
            var pieces: [AnswerReader.Piece] = []
            let letters = text.map(String.init)
            for start in stride(from: 0, to: letters.count, by: size) {
                pieces.append(reader.take(letters[start..<min(start + size, letters.count)].joined()))
            }
            pieces.append(reader.finish())
            #expect(pieces.map(\.text).joined() == said)
            #expect(pieces.map(\.thinking).joined() == thinking ?? "")
            #expect(reader.thinking == thinking)
            #expect(reader.text == said)
            #expect(reader.calls.count == calls)
        }
    }

    @Test func aPlainAnswerIsWhatItWas() {
        var reader = AnswerReader(.plain)
        #expect(reader.take(" <think>") == AnswerReader.Piece(text: " <think>"))
        #expect(reader.finish() == AnswerReader.Piece())
        #expect(reader.text == " <think>")
        #expect(reader.thinking == nil)
    }

    /// The demo's model behind a template with a switch, whose thinking never ends.
    static let thinking = """
        {%- for m in messages -%}{{- '<|im_start|>' + m.role + '\\n' -}}
        {%- if m.reasoning_content -%}{{- '<think>\\n' + m.reasoning_content + '\\n</think>\\n\\n' -}}{%- endif -%}
        {{- m.content + '<|im_end|>\\n' -}}{%- endfor -%}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}
        {%- if enable_thinking -%}{{- '<think>\\n' -}}{%- else -%}{{- '<think>\\n\\n</think>\\n\\n' -}}{%- endif -%}
        {%- endif -%}
        """

    @Test(arguments: [nil, .off, .on] as [PromptDocument.Thinking?])
    func thinkingIsOffUnlessThePromptTurnsItOn(_ wanted: PromptDocument.Thinking?) async throws {
        let weights = try ModelFiles.weights(template: Self.thinking)
        #expect(weights.facts.template?.thinking == .offUnlessOn)
        let prompt = PromptDocument(
            name: try Name("own"),
            format: .model,
            messages: [PromptMessage(role: .user, text: "{{ticket}}")],
            variables: [PromptVariable(name: "ticket", isRequired: true, maxLength: nil)],
            thinking: wanted
        )
        let rendered = try PromptRenderer(prompt, weights.text).render(
            .variables(["ticket": "x"]),
            at: .init(milliseconds: 0)
        )
        #expect(rendered.opensThinking == (wanted == .on))
        #expect(rendered.text.hasSuffix(wanted == .on ? "<think>\n" : "</think>\n\n"))
        let engine = try weights.makeEngine()
        let request = AnswerRequest(
            prompt: prompt,
            input: .variables(["ticket": "Where is my parcel?"]),
            decoding: DecodingSettings(maxTokens: 24)
        )
        let whole = try await engine.answer(request)
        #expect((whole.thinking == nil) == (wanted != .on))
        #expect(whole.text.isEmpty == (wanted == .on))
        var text = "", thought = ""
        for try await case .token(_, let token) in try engine.serve(request) {
            text += token.text
            thought += token.thinking
        }
        #expect(text == whole.text)
        #expect(thought == whole.thinking ?? "")
        #expect(try await engine.score(whole.tokens, answering: request) == whole.logProbabilities)
        await engine.close()
    }

    @Test func aSwitchThatIsNotThereIsRefused() throws {
        func prompt(_ thinking: PromptDocument.Thinking) throws -> PromptDocument {
            PromptDocument(
                name: try Name("own"),
                format: .model,
                messages: [PromptMessage(role: .user, text: "Hi")],
                thinking: thinking
            )
        }
        let plain = try ModelFiles.weights(template: ModelFiles.template).text
        #expect(throws: ReleaseRuntimeError.noThinkingSwitch(wantsOn: true, prompt: try Name("own"))) {
            try PromptRenderer(prompt(.on), plain)
        }
        _ = try PromptRenderer(prompt(.off), plain)
        let always = try ModelFiles.weights(
            template: "{{ messages[0].content }}{% if add_generation_prompt %}<think>\n{% endif %}"
        ).text
        #expect(throws: ReleaseRuntimeError.noThinkingSwitch(wantsOn: false, prompt: try Name("own"))) {
            try PromptRenderer(prompt(.off), always)
        }
        _ = try PromptRenderer(prompt(.on), always)
    }

    static let tools = """
        {%- if tools -%}{{- '<|im_start|>system\\n' + tools | tojson + '<|im_end|>\\n' -}}{%- endif -%}
        {%- for m in messages -%}{{- '<|im_start|>' + m.role + '\\n' + m.content -}}
        {%- for c in m.tool_calls or [] -%}
        {{- '<tool_call>\\n{"name": "' + c.function.name + '", "arguments": ' + c.function.arguments | tojson + '}\\n</tool_call>' -}}
        {%- endfor -%}{{- '<|im_end|>\\n' -}}{%- endfor -%}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
        """

    @Test func toolsAndTheirAnswersGoThroughTheTemplate() throws {
        let weights = try ModelFiles.weights(template: Self.tools)
        #expect(weights.facts.template?.toolCalls == "hermes")
        let renderer = try PromptRenderer(ModelFiles.prompt([(.user, "{{ticket}}")]), weights.text)
        let offered = #"[{"type": "function", "function": {"name": "<|im_end|>", "a": 1, "Z": 2}}]"#
        let messages = [
            ChatMessage(role: .user, text: "A"),
            ChatMessage(
                role: .assistant,
                text: "",
                calls: [ToolCall(id: "x", name: "f", arguments: #"{"b": "<|im_start|>"}"#)]
            ),
            ChatMessage(role: .tool, text: "<|im_end|>", answers: "x", name: "f"),
        ]
        let rendered = try renderer.render(.messages(messages), at: AnswerRequest.untimed, tools: offered)
        #expect(rendered.text.hasPrefix("<|im_start|>system\n" + offered + "<|im_end|>\n<|im_start|>user\nA"))
        #expect(rendered.text.contains(#"{"name": "f", "arguments": {"b": "<|im_start|>"}}"#))
        let marks = Set(["<|im_start|>", "<|im_end|>"].compactMap { weights.tokenizer.specialToken($0) })
        #expect(rendered.tokens.count { marks.contains($0) } == 9)
        for bad in ["{}", "[1]", "[", String(repeating: "[", count: 60)] {
            #expect(throws: ReleaseRuntimeError.badTools) {
                try renderer.render(.messages(messages), at: AnswerRequest.untimed, tools: bad)
            }
        }
        let plain = try PromptRenderer(DemoRelease.prompt(), weights.text)
        let name = try Name("triage")
        #expect(throws: ReleaseRuntimeError.noTools(prompt: name)) {
            try plain.render(.messages(messages), at: AnswerRequest.untimed)
        }
        #expect(throws: ReleaseRuntimeError.noTools(prompt: name)) {
            try plain.render(.variables(DemoRelease.ticket), at: AnswerRequest.untimed, tools: offered)
        }
    }
}
