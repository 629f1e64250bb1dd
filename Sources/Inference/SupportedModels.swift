import GGUF
import Tokenizers

/// What the engine runs, written once: whatever refuses a model prints it from here.
public enum SupportedModels {
    /// The architectures, by `general.architecture`. Adding one makes the compiler ask for what it needs.
    enum Architecture: String, CaseIterable {
        case llama
        case mistral3
        case smollm3
        case granite
        case granitemoe
        case qwen2
        case qwen3
        case qwen3moe
        case qwen35
        case phi3
        case gemma2
        case gemma3
        case gemma4
        case olmo2
        case gptOSS = "gpt-oss"

        /// - Throws: `InferenceError.unsupportedArchitecture`.
        init(name: String) throws(InferenceError) {
            guard let known = Self(rawValue: name) else { throw .unsupportedArchitecture(name) }
            self = known
        }

        /// Reads the metadata of a file of this architecture. What speaks against it is kept in the reader.
        func describe(_ metadata: inout MetadataReader) -> ModelDescription {
            switch self {
            case .llama: Llama.describe(&metadata)
            case .mistral3: Llama.describeMistral3(&metadata)
            case .smollm3: Llama.describeSmolLM3(&metadata)
            case .granite: Llama.describeGranite(&metadata)
            case .granitemoe: Llama.describeGraniteMoE(&metadata)
            case .qwen2: Qwen.describe2(&metadata)
            case .qwen3: Qwen.describe3(&metadata)
            case .qwen3moe: Qwen.describe3MoE(&metadata)
            case .qwen35: Qwen.describe35(&metadata)
            case .phi3: Llama.describePhi3(&metadata)
            case .gemma2: Gemma.describe2(&metadata)
            case .gemma3: Gemma.describe3(&metadata)
            case .gemma4: Gemma.describe4(&metadata)
            case .olmo2: Olmo.describe2(&metadata)
            case .gptOSS: GPTOSS.describe(&metadata)
            }
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
