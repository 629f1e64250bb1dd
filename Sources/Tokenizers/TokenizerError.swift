import GGUF

/// Why the tokenizer of a model file cannot be used.
public enum TokenizerError: Error, Equatable, Sendable {
    case unsupportedTokenizer(String)
    case unsupportedPreTokenizer(String)
    case wrongCount(key: String, elements: Int, tokens: Int)
    case duplicateToken(String, first: Int, second: Int)
    case noByteTokens
    case invalidToken(id: Int, reason: String)
    case invalidMerge(index: Int, text: String, reason: String)
    case specialTokenOutOfRange(key: String, id: Int, tokens: Int)
    case specialTokensTooLong(bytes: Int, limit: Int)
}

extension TokenizerError: CustomStringConvertible {
    /// One lower-case line: which thing, what is wrong with it, what would be right.
    public var description: String {
        switch self {
        case .unsupportedTokenizer(let name):
            "tokenizer \(name.shown) is not supported; supported: "
                + TokenizerModel.allCases.map { "\($0.rawValue) (\($0.kind))" }.joined(separator: ", ")
        case .unsupportedPreTokenizer(let name):
            "pre-tokenizer \(name.shown) is not supported; supported: "
                + PreTokenizer.allCases.flatMap(\.names).sorted().joined(separator: ", ")
        case .wrongCount(let key, let elements, let tokens):
            "\(key) has \(elements) elements for \(tokens) tokens"
        case .duplicateToken(let text, let first, let second):
            "tokens \(first) and \(second) are both \"\(text.shown)\""
        case .noByteTokens:
            "the tokenizer has no token for any single byte, so no text can be written in its tokens"
        case .invalidToken(let id, let reason):
            "token \(id): \(reason)"
        case .invalidMerge(let index, let text, let reason):
            "merge \(index) (\"\(text.shown)\"): \(reason)"
        case .specialTokenOutOfRange(let key, let id, let tokens):
            "\(key) is \(id), but there are only \(tokens) tokens"
        case .specialTokensTooLong(let bytes, let limit):
            "the spellings of the special tokens have \(bytes) bytes together; at most \(limit) are taken"
        }
    }
}
