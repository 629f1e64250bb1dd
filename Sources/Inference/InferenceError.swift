public import GGUF

/// Why a model cannot be run, or a request cannot be answered.
public enum InferenceError: Error, Equatable, Sendable {
    case unsupportedArchitecture(String)
    case unsupportedFeature(key: String, value: String)
    case inconsistent(String)
    case wrongShape(tensor: String, expected: [Int], found: [Int])
    case wrongTensorType(tensor: String, expected: TensorType, found: TensorType)
    case unexpectedTensor(String, architecture: String)
    /// Several things at once, each as it reads alone.
    case refused(reasons: [String])
    case tokenizerDoesNotFit(tokens: Int, embeddingRows: Int)
    case emptyPrompt
    case promptTooLong(tokens: Int, contextLength: Int)
    case tokenOutOfRange(id: Int, vocabularySize: Int)
    case invalidSetting(name: String, value: String, allowed: String)
    case notFinite(position: Int)
    case unavailable(InstructionSet)
    case outOfPages(needed: Int, available: Int)
    case outOfMemory(what: String, bytes: Int)
}

extension InferenceError {
    /// Reasons of a refusal that are shown in one line.
    private static let shownReasons = 8

    /// One error of at least one: the only one itself, or all of them in words.
    static func refusal(_ reasons: [any Error]) -> any Error {
        if reasons.count == 1, let only = reasons.first { return only }
        return Self.refused(reasons: reasons.map { "\($0)" })
    }
}

extension InferenceError: CustomStringConvertible {
    /// One lower-case line: which thing, what is wrong with it, what would be right.
    public var description: String {
        switch self {
        case .unsupportedArchitecture(let name):
            "architecture \(name.shown) is not supported; supported: "
                + SupportedModels.Architecture.allCases.map(\.rawValue).joined(separator: ", ")
        case .unsupportedFeature(let key, let value):
            "\(key) = \(value.shown) is not supported by this engine"
        case .inconsistent(let what):
            what
        case .wrongShape(let tensor, let expected, let found):
            "tensor \(tensor) has dimensions \(found); the metadata asks for \(expected)"
        case .wrongTensorType(let tensor, let expected, let found):
            "tensor \(tensor) is \(found); it must be \(expected)"
        case .unexpectedTensor(let name, let architecture):
            "tensor \(name) is not part of a \(architecture.shown) model as this engine knows it; leaving it out would change answers"
        case .refused(let reasons):
            reasons.prefix(Self.shownReasons).joined(separator: "; ")
                + (reasons.count > Self.shownReasons ? "; and \(reasons.count - Self.shownReasons) more" : "")
        case .tokenizerDoesNotFit(let tokens, let rows):
            "the tokenizer has \(tokens) tokens but the embedding has \(rows) rows"
        case .emptyPrompt:
            "the prompt has no tokens"
        case .promptTooLong(let tokens, let contextLength):
            "the prompt has \(tokens) tokens; the context holds \(contextLength)"
        case .tokenOutOfRange(let id, let vocabularySize):
            "token \(id) is outside the vocabulary of \(vocabularySize)"
        case .invalidSetting(let name, let value, let allowed):
            "\(name) is \(value); it must be \(allowed)"
        case .notFinite(let position):
            "the model's output after position \(position) is not finite; its weights are damaged"
        case .unavailable(let instructions):
            "this machine has no \(instructions.rawValue) instructions"
        case .outOfPages(let needed, let available):
            "\(needed) more pages of the key-value cache are needed, \(available) are free"
        case .outOfMemory(let what, let bytes):
            "there is no memory for the \(bytes) bytes of \(what)"
        }
    }
}
