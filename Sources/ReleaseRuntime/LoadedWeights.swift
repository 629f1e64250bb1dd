import Foundation
import GGUF
import Inference
public import RegistryRecords

/// Weights in memory with their tokenizer. Immutable: any number of releases and workers share them.
public final class LoadedWeights: Sendable {
    /// What the file says of itself.
    public let facts: ModelFacts
    /// Seconds from opening the file to being ready.
    public let loadSeconds: Double
    let model: LanguageModel
    let tokenizer: Tokenizer

    /// Bytes of packed weights in memory.
    public var residentBytes: Int64 { Int64(model.weightBytes) }
    /// The most tokens of a prompt and its answer together.
    public var contextLength: Int { model.contextLength }

    /// Reads, checks and packs a GGUF file. The caller has checked its digest.
    ///
    /// Computes until it returns; call it on a thread of one's own.
    /// - Throws: `GGUFError` or `InferenceError`: what is damaged, or what the engine does not support, by name.
    public init(path: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let file = try GGUFFile(path: path)
        facts = try ModelFacts(GGUFSummary(file))
        model = try LanguageModel(file)
        tokenizer = try Tokenizer(file)
        guard tokenizer.size == model.description.vocabularySize else {
            throw InferenceError.tokenizerDoesNotFit(
                tokens: tokenizer.size,
                embeddingRows: model.description.vocabularySize
            )
        }
        loadSeconds = (clock.now - start) / .seconds(1)
    }
}

extension ModelFacts {
    init(_ summary: GGUFSummary) {
        self.init(
            architecture: summary.architecture,
            parameterCount: summary.parameterCount,
            contextLength: summary.contextLength,
            layerCount: summary.layerCount,
            width: summary.width,
            headCount: summary.headCount,
            keyValueHeadCount: summary.kvHeadCount,
            vocabularySize: summary.vocabularySize,
            tokenizer: [summary.tokenizerModel, summary.preTokenizer].compactMap { $0 }.joined(separator: "/"),
            precision: summary.precision,
            tensorTypes: summary.tensorTypes,
            license: summary.license
        )
    }
}
