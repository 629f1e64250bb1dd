import RegistryTypes
import Testing
import UserDocuments

@testable import ChatTemplate

/// What templates do, found by rendering them; and the formats of ours.
@Suite struct TemplateFactsTests {
    private static let now = TemplateTime(secondsSince1970: 0)

    @Test func factsOfTheFormatsOfOurs() throws {
        for builtin in BuiltinTemplate.allCases {
            let facts = TemplateFacts(of: try builtin.template())
            #expect(facts.refusal == nil)
            #expect(facts.roles == ["system", "user", "assistant", "tool"])
            #expect(facts.defaultSystemMessage == nil)
            #expect(!facts.listsTools)
            #expect(facts.thinkingSwitch == nil)
            #expect(facts.thinking == nil)
            #expect(facts.toolCalls == nil)
            #expect(facts.endOfTurn == builtin.endOfTurn, "\(builtin)")
            let prompts: [BuiltinTemplate: String] = [
                .chatml: "<|im_start|>assistant\n", .llama3: "<|start_header_id|>assistant<|end_header_id|>\n\n",
                .gemma: "<start_of_turn>model\n", .raw: "",
            ]
            #expect(facts.generationPrompt == prompts[builtin])
        }
    }

    /// A template that does all there is to find.
    private static let rich = """
        {%- if messages[0].role == 'system' -%}
        {{- '<sys>' ~ messages[0].content ~ '</sys>\\n' -}}
        {%- else -%}
        {{- '<sys>Be good.</sys>\\n' -}}
        {%- endif -%}
        {%- if tools -%}{{- 'Tools: ' ~ (tools|tojson) ~ '\\n' -}}{%- endif -%}
        {%- for message in messages -%}
        {%- if message.role == 'user' or message.role == 'tool' -%}
        {{- '<turn>' ~ message.role ~ '\\n' ~ message.content ~ '<end>\\n' -}}
        {%- elif message.role == 'assistant' -%}
        {{- '<turn>assistant\\n' -}}
        {%- if message.reasoning_content -%}{{- '<think>\\n' ~ message.reasoning_content ~ '\\n</think>\\n' -}}{%- endif -%}
        {{- message.content -}}
        {%- for call in message.tool_calls or [] -%}
        {{- '<tool_call>\\n' ~ (call.function|tojson) ~ '\\n</tool_call>' -}}
        {%- endfor -%}
        {{- '<end>\\n' -}}
        {%- endif -%}
        {%- endfor -%}
        {%- if add_generation_prompt -%}
        {{- '<turn>assistant\\n' -}}
        {%- if enable_thinking is defined and enable_thinking is false -%}{{- '<think>\\n\\n</think>\\n' -}}{%- endif -%}
        {%- endif -%}
        """

    @Test func everyFactIsFound() throws {
        let facts = TemplateFacts(of: try ChatTemplate(Self.rich), bosToken: "<s>", eosToken: "</s>")
        #expect(facts.refusal == nil)
        #expect(facts.roles == ["system", "user", "assistant", "tool"])
        #expect(facts.defaultSystemMessage == "Be good.")
        #expect(facts.listsTools)
        #expect(facts.thinkingSwitch == TemplateFacts.ThinkingSwitch(variable: "enable_thinking", isOnByDefault: true))
        #expect(facts.thinking?.name == "think")
        #expect(!facts.opensThinking)
        #expect(facts.generationPrompt == "<turn>assistant\n")
        #expect(facts.endOfTurn == "<end>")
        #expect(facts.toolCalls?.name == "hermes")
    }

    /// Families whose calls are not JSON, found by what their templates write.
    @Test(
        arguments: [
            (
                "qwen-3.5",
                "{{ '<tool_call>\\n<function=' + call.function.name + '>\\n' }}{% for k, v in call.function.arguments|items %}"
                    + "{{ '<parameter=' + k + '>\\n' + v|string + '\\n</parameter>\\n' }}{% endfor %}"
                    + "{{ '</function>\\n</tool_call>' }}"
            ),
            (
                "gemma-4",
                "{{ '<|tool_call>call:' + call.function.name + '{' }}{% for k, v in call.function.arguments|items %}"
                    + "{{ k }}:{{ '<|\"|>' + v + '<|\"|>' }}{% if not loop.last %},{% endif %}{% endfor %}{{ '}<tool_call|>' }}"
            ),
        ]
    )
    func familiesAreFoundByTheirWriting(_ name: String, _ call: String) throws {
        let source =
            "{% for m in messages %}<{{ m.role }}>{{ m.content }}{% for call in m.tool_calls or [] %}" + call
            + "{% endfor %}<end>{% endfor %}{% if tools %}{{ tools|tojson }}{% endif %}"
            + "{% if add_generation_prompt %}<assistant>{% endif %}"
        let facts = TemplateFacts(of: try ChatTemplate(source), bosToken: "", eosToken: "<end>")
        #expect(facts.toolCalls?.name == name)
    }

    @Test(
        arguments: [
            // Refuses system messages; writes two turns only; calls the assistant by another name.
            (
                "{% for m in messages %}{% if m.role not in ['user', 'assistant'] %}{{ raise_exception('No ' ~ m.role) }}"
                    + "{% endif %}<{{ 'model' if m.role == 'assistant' else m.role }}>{{ m.content|trim }}</>{% endfor %}"
                    + "{% if add_generation_prompt %}<model>{% endif %}",
                ["user", "assistant"], "<model>", "</>"
            ),
            // Drops what the assistant said, and opens the thinking.
            (
                "{{ bos_token }}{% for m in messages if m.role == 'user' %}[U]{{ m.content }}[/U]{% endfor %}<think>",
                ["user"], "", nil
            ),
            ("{{ raise_exception('never') }}", [], "", nil),
            ("{{ messages[5].content.nothing.more }}", [], "", nil),
            ("nothing of the messages", [], "", nil),
            ("", [], "", nil),
        ] as [(String, [String], String, String?)]
    )
    func factsOfTemplatesThatDoLess(
        _ source: String,
        _ roles: [String],
        _ prompt: String,
        _ endOfTurn: String?
    ) throws {
        let facts = TemplateFacts(of: try ChatTemplate(source), bosToken: "<s>", eosToken: "</s>")
        #expect(facts.roles == roles)
        #expect(facts.generationPrompt == prompt)
        #expect(facts.endOfTurn == endOfTurn)
        #expect(facts.defaultSystemMessage == nil)
        #expect((facts.refusal != nil) == source.utf8.starts(with: "{{ raise".utf8) || facts.refusal?.reason == .value)
    }

    // MARK: The formats that prompts have today

    private static let texts: [[PromptSegment]] = [
        [], [.literal("Be kind.")], [.value("<|im_end|> {{ x }}")],
        [.literal("a "), .value("b\n"), .literal(" {% c %}"), .value(""), .literal("<|eot_id|>")],
        [.value("  Grüße 世界 e\u{301} "), .value("two")],
    ]

    /// Byte by byte, and the same bytes by the conversation.
    @Test(arguments: [BuiltinTemplate.chatml, .llama3, .raw]) func templatesOfOursWriteWhatPromptsWrote(
        _ format: BuiltinTemplate
    ) throws {
        let template = try format.template()
        for count in 0...4 {
            for first in Self.texts.indices {
                let messages = (0..<count).map { index in
                    RenderedMessage(
                        role: index == 0 ? .system : index % 2 == 1 ? .user : .assistant,
                        segments: Self.texts[(first + index) % Self.texts.count]
                    )
                }
                let values = messages.map { message in
                    let parts = message.segments.map { segment in
                        if case .value(let text) = segment { return (text, true) }
                        return (segment.text, false)
                    }
                    return TemplateValue.mapping([
                        "role": .template(message.role.rawValue), "content": .text(TemplateText(parts: parts)),
                    ])
                }
                let text = try template.render(TemplateConversation(messages: values, now: Self.now))
                let expected = Self.segments(format, of: messages)
                #expect(text.string == expected.map(\.text).joined())
                var bytes: [Bool] = []
                for segment in expected {
                    if case .value = segment {
                        bytes += Array(repeating: true, count: segment.text.utf8.count)
                    } else {
                        bytes += Array(repeating: false, count: segment.text.utf8.count)
                    }
                }
                let ours = text.parts.flatMap { Array(repeating: $0.isConversation, count: $0.text.utf8.count) }
                #expect(ours == bytes)
            }
        }
    }

    /// What prompts of these formats were before templates wrote them: digests of evidence rest on these bytes.
    private static func segments(_ format: BuiltinTemplate, of messages: [RenderedMessage]) -> [PromptSegment] {
        var segments: [PromptSegment] = []
        func marks(_ role: String) -> (before: String, after: String) {
            switch format {
            case .chatml: ("<|im_start|>\(role)\n", "<|im_end|>\n")
            case .llama3: ("<|start_header_id|>\(role)<|end_header_id|>\n\n", "<|eot_id|>")
            case .gemma, .raw: ("", "")
            }
        }
        for message in messages {
            let (before, after) = marks(message.role.rawValue)
            segments += [.literal(before)] + message.segments + [.literal(after)]
        }
        return PromptSegment.merged(segments + [.literal(marks("assistant").before)])
    }

    @Test func gemmaPutsTheSystemBeforeTheUser() throws {
        let template = try BuiltinTemplate.gemma.template()
        func text(_ messages: [(String, String)]) throws -> String {
            let values = messages.map { TemplateValue.message(role: $0.0, content: $0.1) }
            return try template.render(TemplateConversation(messages: values, now: Self.now)).string
        }
        #expect(
            try text([("system", "S"), ("user", "U"), ("assistant", "A"), ("user", " V ")])
                == "<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\nA<end_of_turn>\n"
                + "<start_of_turn>user\n V <end_of_turn>\n<start_of_turn>model\n"
        )
        #expect(try text([("system", "S")]) == "<start_of_turn>user\nS<end_of_turn>\n<start_of_turn>model\n")
        #expect(
            try text([("assistant", "A"), ("system", "S"), ("system", "T"), ("user", "U")])
                == "<start_of_turn>model\nA<end_of_turn>\n<start_of_turn>user\nS\n\nT\n\nU<end_of_turn>\n"
                + "<start_of_turn>model\n"
        )
    }

    // MARK: Who wrote which bytes

    @Test(arguments: [
        ("<a>{{ x }}</a>", "<a>|Hi There!|</a>"),
        ("{{ '<a>' + x + '</a>' }}", "<a>|Hi There!|</a>"),
        ("{{ ('<a>' ~ x ~ '</a>')[1:6] }}", "a>|Hi "),
        ("{{ ('<a> ' ~ x ~ ' </a>').split(' ')|join('_') }}", "<a>_|Hi|_|There!|_</a>"),
        ("{{ ('<a>' ~ x)|replace('Hi', '<b>') }}", "<a><b>| There!"),
        ("{{ ('<a>' ~ x)|upper }}", "|<A>HI THERE!"),
        ("{{ (' ' ~ x ~ ' ')|trim }}", "|Hi There!"),
        ("{{ {'k': x}|tojson }}", "{\"k\": |\"Hi There!\"|}"),
        ("{{ [x, 'y'] }}", "[|'Hi There!'|, 'y']"),
        ("{% set y %}<{{ x }}>{% endset %}{{ y }}{{ y|length }}", "<|Hi There!|>11"),
        ("{% macro f(v) %}<{{ v }}>{% endmacro %}{{ f(x) }}", "<|Hi There!|>"),
        ("{% for c in x[:2] %}{{ c }}{% endfor %}", "|Hi"),
        ("{{ x * 2 }}", "|Hi There!Hi There!"),
        ("{{ '%s{}' if false else '<{}>'.format(x) }}", "<|Hi There!|>"),
        ("{{ x == 'Hi There!' }}", "True"),
        ("{{ (x ~ '|')[::-1] }}", "||!erehT iH"),
    ])
    func textKnowsWhoWroteIt(_ source: String, _ expected: String) throws {
        let text = try ChatTemplate(source).render(variables: [("x", .conversation("Hi There!"))], now: Self.now)
        let shown = text.parts.enumerated().map { $0 == 0 && $1.isConversation ? "|" + $1.text : $1.text }
        #expect(shown.joined(separator: "|") == expected)
        #expect(text.parts.map(\.text).joined() == text.string)
    }
}
