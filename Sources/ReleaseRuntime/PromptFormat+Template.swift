import ChatTemplate
import UserDocuments

extension PromptFormat {
    /// The template of ours that writes the format; nil for the model file's own.
    var builtin: BuiltinTemplate? {
        switch self {
        case .chatml: .chatml
        case .llama3: .llama3
        case .gemma: .gemma
        case .raw: .raw
        case .model: nil
        }
    }

    /// The special tokens that the format writes; those of the model file's own template are the file's.
    var specialTokens: [String] {
        switch self {
        case .chatml: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .gemma: ["<start_of_turn>", "<end_of_turn>"]
        case .raw, .model: []
        }
    }

    /// Templates of ours, read once.
    private static let templates: [BuiltinTemplate: ChatTemplate] = BuiltinTemplate.allCases.reduce(into: [:]) {
        $0[$1] = try? $1.template()
    }

    /// The template that writes the format; nil where the model file's own is meant and there is none.
    func template(of text: ModelText) -> ChatTemplate? {
        guard let builtin else { return text.template }
        return Self.templates[builtin]
    }
}
