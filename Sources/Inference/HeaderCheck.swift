public import GGUF
import Tokenizers

/// What speaks against running a model file here: every reason, from its header alone, before any weight is read.
public enum HeaderCheck {
    /// The reasons, each as it reads alone; none where the engine takes the file.
    public static func reasons(against file: GGUFFile) -> [String] {
        if AdapterDescription.isAdapter(file) {
            return ["it is an adapter, which changes a model and is none: it needs the model that it was made for"]
                + reasons(againstAdapter: file)
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

    /// What speaks against an adapter by itself; none where it can be laid over a base that it fits.
    public static func reasons(againstAdapter file: GGUFFile) -> [String] {
        do {
            _ = try AdapterDescription(file)
            return []
        } catch InferenceError.refused(let all) {
            return all
        } catch {
            return ["\(error)"]
        }
    }
}
