import Foundation
import GGUF
public import Inference
public import RegistryRecords
public import Tokenizers

/// Weights in memory with their tokenizer. Immutable: any number of releases and engines share them.
public final class LoadedWeights: Sendable {
    /// What the file says of itself.
    public let facts: ModelFacts
    /// Seconds from opening the file to being ready.
    public let loadSeconds: Double
    /// How conversations become tokens.
    public let text: ModelText
    /// The packed weights.
    public let model: LanguageModel
    /// What is laid over them; nil for a model by itself.
    public let adapter: AdapterFacts?

    /// The tokenizer that belongs to them.
    public var tokenizer: Tokenizer { text.tokenizer }

    /// Bytes of packed weights in memory.
    public var residentBytes: Int64 { Int64(model.weightBytes) }
    /// The most tokens of a prompt and its answer together.
    public var contextLength: Int { model.contextLength }

    /// What can be loaded, in one line.
    public static var supported: String { SupportedModels.summary }

    /// Reads, checks and packs a GGUF file. The caller has checked its digest.
    ///
    /// Computes until it returns; call it on a thread of one's own.
    /// - Throws: `GGUFError`, `TokenizerError` or `InferenceError`: what is damaged, or what the engine does not support, by name.
    public convenience init(path: String) throws { try self.init(paths: [path]) }

    /// Reads, checks and packs the files of a split model, in the order of their numbers.
    ///
    /// - Throws: as `init(path:)`.
    public init(paths: [String]) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let file = try GGUFFile(paths: paths)
        let summary = try GGUFSummary(file)
        model = try LanguageModel(file)
        text = try ModelText(file, contextLength: model.contextLength)
        guard text.tokenizer.size == model.description.vocabularySize else {
            throw InferenceError.tokenizerDoesNotFit(
                tokens: text.tokenizer.size,
                embeddingRows: model.description.vocabularySize
            )
        }
        facts = ModelFacts(summary, TemplateSummary(text))
        adapter = nil
        loadSeconds = (clock.now - start) / .seconds(1)
    }

    /// Lays an adapter over weights, which are shared: the adapter alone is read. Tokenizer and template are those of the
    /// base.
    ///
    /// - Throws: `GGUFError` or `InferenceError`: what is damaged, or does not fit the base, by name.
    public init(_ base: LoadedWeights, adapter path: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        let file = try GGUFFile(path: path)
        model = try LanguageModel(base.model, adapter: file)
        adapter = AdapterFacts(try AdapterDescription(file))
        text = base.text
        facts = base.facts
        loadSeconds = (clock.now - start) / .seconds(1)
    }

    /// An engine that answers with these weights.
    ///
    /// - Parameters:
    ///   - limits: what it takes on; unless told otherwise, any request that fits the context.
    ///   - live: counts the engine's live requests, so that background work everywhere makes room for them.
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    public func makeEngine(limits: EngineLimits? = nil, live: ForegroundLoad = ForegroundLoad()) throws
        -> any AnswerEngine
    {
        var usual = EngineLimits()
        usual.cacheBytes = max(usual.cacheBytes, GenerationBatch.cacheBytes(ofOneContext: model))
        return try BatchingEngine(self, limits: limits ?? usual, live: live)
    }
}

extension AdapterFacts {
    /// The facts of a header.
    public init(_ description: AdapterDescription) {
        self.init(
            alpha: Double(description.alpha),
            ranks: description.ranks,
            matrixCount: description.pairs.count,
            parameterCount: description.parameterCount,
            baseNames: description.baseNames
        )
    }
}

extension ModelFacts {
    init(_ summary: GGUFSummary, _ template: TemplateSummary? = nil) {
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
            license: summary.license,
            template: template
        )
    }
}

/// What the engine is, for reports: equal numerics give equal bits, whatever the instruction set.
public enum EngineIdentity {
    /// The version of the numerics.
    public static var numerics: Int { numericsVersion }
    /// The instruction set in use.
    public static var instructionSet: String { InstructionSet.best.rawValue }
}
