/// The formats that a prompt may name, as templates of ours: they go the way that a model file's own template goes.
///
/// None writes the token that begins a text: the tokenizer adds it when the model file says so.
public enum BuiltinTemplate: String, CaseIterable, Sendable {
    /// `<|im_start|>role`, newline, text, `<|im_end|>`, newline.
    case chatml
    /// `<|start_header_id|>role<|end_header_id|>`, two newlines, text, `<|eot_id|>`.
    case llama3 = "llama-3"
    /// `<start_of_turn>role`, newline, text, `<end_of_turn>`, newline; the assistant is called `model`, and what the
    /// system says stands before the next thing that the user says, as the family has no such role.
    case gemma
    /// The texts one after the other, nothing between them.
    case raw

    /// The text after which an answer is over, besides the model's own end token; nil when the format has none.
    public var endOfTurn: String? {
        switch self {
        case .chatml: "<|im_end|>"
        case .llama3: "<|eot_id|>"
        case .gemma: "<end_of_turn>"
        case .raw: nil
        }
    }

    /// The template in Jinja.
    public var source: String {
        switch self {
        case .chatml:
            """
            {%- for message in messages -%}
            {{- '<|im_start|>' ~ message.role ~ '\\n' ~ message.content ~ '<|im_end|>\\n' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
            """
        case .llama3:
            """
            {%- for message in messages -%}
            {{- '<|start_header_id|>' ~ message.role ~ '<|end_header_id|>\\n\\n' ~ message.content ~ '<|eot_id|>' -}}
            {%- endfor -%}
            {%- if add_generation_prompt -%}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}{%- endif -%}
            """
        case .gemma:
            """
            {%- set ns = namespace(before='', is_open=false) -%}
            {%- for message in messages -%}
            {%- if message.role == 'system' -%}
            {%- set ns.before = ns.before ~ message.content ~ '\\n\\n' -%}
            {%- set ns.is_open = true -%}
            {%- else -%}
            {{- '<start_of_turn>' ~ ('model' if message.role == 'assistant' else message.role) ~ '\\n' -}}
            {%- if message.role == 'user' -%}
            {{- ns.before -}}
            {%- set ns.before = '' -%}
            {%- set ns.is_open = false -%}
            {%- endif -%}
            {{- message.content ~ '<end_of_turn>\\n' -}}
            {%- endif -%}
            {%- endfor -%}
            {%- if ns.is_open -%}{{- '<start_of_turn>user\\n' ~ ns.before[:-2] ~ '<end_of_turn>\\n' -}}{%- endif -%}
            {%- if add_generation_prompt -%}{{- '<start_of_turn>model\\n' -}}{%- endif -%}
            """
        case .raw:
            "{%- for message in messages -%}{{- message.content -}}{%- endfor -%}"
        }
    }

    /// The template, read.
    ///
    /// - Throws: ``TemplateError``, which a test of ours would have shown.
    public func template() throws(TemplateError) -> ChatTemplate { try ChatTemplate(source) }
}
