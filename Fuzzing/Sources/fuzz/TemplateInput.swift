@testable import ChatTemplate

/// A template, then messages: a role and a text in turn. The first byte chooses what else there is.
enum TemplateInput {
    /// Tight bounds, so that a trial is short.
    private static var limits: TemplateLimits {
        var limits = TemplateLimits()
        limits.steps = 20_000
        limits.textBytes = 1 << 16
        limits.elements = 4_000
        return limits
    }

    static func read(_ bytes: [UInt8]) -> Int32 {
        guard let input = InputParts(bytes) else { return -1 }
        var messages: [TemplateValue] = []
        for index in stride(from: 1, to: min(input.parts.count, 17), by: 2) {
            messages.append(.message(role: input.text(index), content: input.text(index + 1)))
        }
        let tools = input.choice & 1 == 0 ? nil : TemplateValue(json: tool).map { [$0] }
        let conversation = TemplateConversation(
            messages: messages,
            tools: tools,
            addGenerationPrompt: input.choice & 2 != 0,
            now: TemplateTime(secondsSince1970: input.choice << 24),
            bosToken: "<s>",
            eosToken: "</s>",
            variables: input.choice & 4 == 0 ? [] : [("enable_thinking", .bool(input.choice & 8 != 0))]
        )
        do throws(TemplateError) {
            let template = try ChatTemplate(input.text(0), limits: limits)
            if input.choice & 16 != 0 { look(at: template, answer: input.text(2)) }
            let text = try template.render(conversation)
            promise(text.string.utf8.count <= limits.textBytes, "a text of \(text.string.utf8.count) bytes")
            let parts = text.parts.map(\.text).joined()
            promise(parts.utf8.elementsEqual(text.string.utf8), "the parts are another text")
            let again = try template.render(conversation)
            promise(again.string.utf8.elementsEqual(text.string.utf8), "the second rendering is another text")
            promise(again.conversationRanges == text.conversationRanges, "the second rendering has other marks")
        } catch {
            promise(error.line >= 1 && error.column >= 1, "line \(error.line), column \(error.column)")
            promise(!error.message.isEmpty, "an error says nothing")
        }
        return 0
    }

    /// What the template does, and an answer read in the way that it asks for.
    private static func look(at template: ChatTemplate, answer: String) {
        let facts = TemplateFacts(of: template, bosToken: "<s>", eosToken: "</s>")
        for family in ToolCallFamily.known {
            let whole = ToolCallAnswer(answer, family: family)
            var stream = ToolCallStream(family)
            var text = ""
            for character in answer.unicodeScalars { text += stream.take(String(character)) }
            let (rest, calls) = stream.finish()
            let names = calls.map(\.name)
            promise(names == whole.calls.map(\.name), "streamed calls \(names), whole \(whole.calls.map(\.name))")
            _ = text + rest
        }
        _ = AnswerParts(of: answer, markers: facts.thinking, isOpen: facts.opensThinking)
    }

    private static let tool =
        #"{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}}"#

    // MARK: - Seeds

    static var seeds: [[UInt8]] {
        let sources = [
            """
            {%- if messages[0].role != 'system' -%}{{ 'Be good.\\n' }}{%- endif -%}
            {%- for m in messages -%}{{- '<|' + m.role + '|>' + m.content | trim + '\\n' -}}{%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|assistant|>' -}}{%- endif -%}
            """,
            "{% macro f(a, b=1) %}{{ a ~ b }}{% endmacro %}{{ f('x') }}{% set ns = namespace(n=0) %}"
                + "{% for i in range(3) if i %}{% set ns.n = ns.n + i %}{{ loop.index }}{% else %}-{% endfor %}{{ ns.n }}",
            "{{ messages | map(attribute='content') | join(', ') | upper | replace('A', 'b') | indent(2) }}"
                + "{{ tools | tojson(indent=2) }}{{ bos_token[::-1] }}{{ strftime_now('%d %b %Y') }}",
            "{% if tools %}{% for t in tools %}{{ t.function.name }}{{ t | tojson }}{% endfor %}{% endif %}"
                + "{% filter trim %} {{ [1, 2.5, none, true, {'a': (1,)}] }} {% endfilter %}{% raw %}{{ x }}{% endraw %}",
            "{% set x %}{{ 'a' * 3 }}{% endset %}{{ x is string and x not in ['b'] or 2 ** 3 // 2 % 3 > 1 }}"
                + "{{ 'a b'.split(' ') }}{{ {'a': 1}.items() | list }}{{ raise_exception('no') }}",
        ]
        let answer = "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1}}</tool_call>"
        return sources.flatMap { source in
            [UInt8(3), 31].map { choice in
                InputParts.bytes(choice, [source, "user", choice == 3 ? "Hi ü" : answer, "assistant", " yes "])
            }
        }
    }
}
