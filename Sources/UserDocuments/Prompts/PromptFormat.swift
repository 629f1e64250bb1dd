import RegistryTypes

/// How messages become the one text that a model continues.
public enum PromptFormat: String, Codable, Sendable, CaseIterable {
    /// `<|im_start|>role`, newline, text, `<|im_end|>`, newline.
    case chatml
    /// `<|start_header_id|>role<|end_header_id|>`, two newlines, text, `<|eot_id|>`.
    case llama3 = "llama-3"
    /// The texts one after the other, nothing between them.
    case raw

    /// The text after which an answer is over, besides the model's own end token; nil when the format has none.
    public var endOfAnswer: String? {
        switch self {
        case .chatml: "<|im_end|>"
        case .llama3: "<|eot_id|>"
        case .raw: nil
        }
    }

    /// The whole text for a model, up to the place where its answer begins.
    ///
    /// The begin-of-text token is not part of it: the tokenizer adds it when the model file says so.
    public func segments(of messages: [RenderedMessage]) -> [PromptSegment] {
        var segments: [PromptSegment] = []
        for message in messages {
            switch self {
            case .chatml:
                segments.append(.literal("<|im_start|>\(message.role.rawValue)\n"))
                segments += message.segments
                segments.append(.literal("<|im_end|>\n"))
            case .llama3:
                segments.append(.literal("<|start_header_id|>\(message.role.rawValue)<|end_header_id|>\n\n"))
                segments += message.segments
                segments.append(.literal("<|eot_id|>"))
            case .raw:
                segments += message.segments
            }
        }
        switch self {
        case .chatml: segments.append(.literal("<|im_start|>assistant\n"))
        case .llama3: segments.append(.literal("<|start_header_id|>assistant<|end_header_id|>\n\n"))
        case .raw: break
        }
        return PromptSegment.merged(segments)
    }
}
