public import GGUF
import Tokenizers

/// What speaks against running a model file here: every reason, from its header alone, before any weight is read.
public enum HeaderCheck {
    /// The reasons, each as it reads alone; none where the engine takes the file.
    public static func reasons(against file: GGUFFile) -> [String] {
        if let type = file.metadata["general.type"], type == .string("adapter") {
            return ["it is an adapter, which changes a model and is none: it needs the model that it was made for"]
        }
        var reasons: [String] = []
        var embeddingRows: Int?
        do {
            embeddingRows = try ModelDescription(file).vocabularySize
        } catch InferenceError.refused(let all) {
            reasons += all
        } catch {
            reasons.append("\(error)")
        }
        do {
            let tokenizer = try Tokenizer(file)
            if let embeddingRows, tokenizer.size != embeddingRows {
                let error = InferenceError.tokenizerDoesNotFit(tokens: tokenizer.size, embeddingRows: embeddingRows)
                reasons.append("\(error)")
            }
        } catch {
            let reason = "\(error)"
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        return reasons
    }
}
