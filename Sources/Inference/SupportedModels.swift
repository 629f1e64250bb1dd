import GGUF
import Tokenizers

/// What the engine runs, written once: whatever refuses a model prints it from here.
public enum SupportedModels {
    /// The architectures, by `general.architecture`. Adding one makes the compiler ask for what it needs.
    enum Architecture: String, CaseIterable {
        case llama

        /// - Throws: `InferenceError.unsupportedArchitecture`.
        init(name: String) throws(InferenceError) {
            guard let known = Self(rawValue: name) else { throw .unsupportedArchitecture(name) }
            self = known
        }
    }

    /// All of it in one line. The tokenizers are those of the target `Tokenizers`.
    public static let summary = [
        "GGUF",
        "architecture \(list(Architecture.allCases.map(\.rawValue)))",
        "tensors \(list(WeightType.allCases.map { "\($0.tensorType)" }))",
        "tokenizer \(list(TokenizerModel.allCases.map(\.rawValue))) "
            + "with pre-tokenizer \(list(PreTokenizer.allCases.compactMap(\.names.first)))",
    ].joined(separator: ", ")

    /// `a, b or c`.
    private static func list(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
