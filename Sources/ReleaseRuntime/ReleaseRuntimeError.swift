public import RegistryTypes

/// Why a release cannot answer a request.
public enum ReleaseRuntimeError: Error, Equatable, Sendable {
    /// The prompt's format needs a special token that the tokenizer does not have.
    case unknownMark(String, prompt: Name)
    /// The rendered prompt leaves no room for an answer.
    case promptTooLong(tokens: Int, contextLength: Int)
}

extension ReleaseRuntimeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownMark(let mark, let prompt):
            "prompt \(prompt) uses the mark \(mark), which this model's tokenizer does not know: choose another format for the prompt"
        case .promptTooLong(let tokens, let contextLength):
            "the prompt has \(tokens) tokens and the model takes \(contextLength) for prompt and answer together: send a shorter text"
        }
    }
}
