import ChatTemplate
import Foundation
import GGUF
import Inference
import LongWork
import RegistryTypes
import ReleaseRuntime
import Tokenizers
public import WireFormat

/// A model file on this machine, opened without a server: what it is, and what it answers.
public actor LocalModel {
    /// What the file says of itself.
    public nonisolated let facts: InspectedModel
    private let paths: [String]
    private let adapter: String?
    private let template: String?
    private let thread = DedicatedThread()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Reads the header of the file at `path`; one file of a split model stands for all of them, which are beside it.
    ///
    /// - Parameter adapter: what is laid over it.
    /// - Throws: `GGUFError`.
    public init(path: String, adapter: String? = nil) throws {
        try self.init(paths: ShardName(path)?.names ?? [path], adapter: adapter)
    }

    /// Reads the headers of the files of a model, in the order of their numbers.
    ///
    /// - Parameter adapter: what is laid over it.
    /// - Throws: `GGUFError`.
    public init(paths: [String], adapter: String? = nil) throws {
        let file = try GGUFFile(paths: paths)
        self.paths = paths
        self.adapter = adapter
        var facts = InspectedModel(file)
        if let adapter { facts.lay(try GGUFFile(path: adapter)) }
        self.facts = facts
        if case .string(let text)? = file.metadata["tokenizer.chat_template"] {
            template = text
        } else {
            template = nil
        }
    }

    /// The file's tokenizer alone: no weights are loaded.
    ///
    /// - Throws: `GGUFError`, `TokenizerError`.
    public func tokenize(_ text: String, specials: Bool) throws -> TokenizedText {
        try Self.tokenize(text, paths: paths, specials: specials)
    }

    /// The same on the calling thread.
    ///
    /// - Throws: `GGUFError`, `TokenizerError`.
    public static func tokenize(_ text: String, paths: [String], specials: Bool) throws -> TokenizedText {
        TokenizedText(text, try Tokenizer(GGUFFile(paths: paths)), specials: specials)
    }

    /// How an answer is made.
    public struct Question: Sendable {
        /// What is asked.
        public var text: String
        /// What is said as the system; nil for nothing.
        public var system: String?
        /// Whether the text goes to the model as it is, without the file's template.
        public var isRaw: Bool
        /// 0 takes the most likely token each time.
        public var temperature: Double
        /// Only so many of the most likely tokens; 0 for all.
        public var topK: Int
        /// Only the fewest of them whose probabilities add up to this.
        public var topP: Double
        /// Only those at least this fraction as likely as the most likely one.
        public var minP: Double
        /// The most tokens of the answer.
        public var maxTokens: Int
        /// Decides every random choice.
        public var seed: UInt64
        /// Texts that end the answer.
        public var stop: [String]
        /// The time of the request, in seconds since 1970: some templates write the date.
        public var secondsSince1970: Int

        /// A question.
        public init(
            text: String,
            system: String? = nil,
            isRaw: Bool = false,
            temperature: Double = 0,
            topK: Int = 0,
            topP: Double = 1,
            minP: Double = 0,
            maxTokens: Int = 256,
            seed: UInt64 = 0,
            stop: [String] = [],
            secondsSince1970: Int
        ) {
            self.text = text
            self.system = system
            self.isRaw = isRaw
            self.temperature = temperature
            self.topK = topK
            self.topP = topP
            self.minP = minP
            self.maxTokens = maxTokens
            self.seed = seed
            self.stop = stop
            self.secondsSince1970 = secondsSince1970
        }
    }

    /// Loads the weights and answers.
    ///
    /// - Parameters:
    ///   - loaded: hears that the weights are in memory, and how long that took.
    ///   - piece: hears each piece of the answer's text as it comes.
    /// - Throws: `GGUFError`, `TokenizerError`, `InferenceError`, `TemplateError`; `CancellationError`, within a token.
    public func answer(
        _ question: Question,
        loaded: @Sendable (_ seconds: Double) -> Void,
        piece: @Sendable (String) -> Void
    ) throws -> LocalAnswer {
        let sampling = try SamplingSettings(
            temperature: question.temperature,
            topK: question.topK,
            topP: question.topP,
            minP: question.minP
        )
        var weights = try LoadedWeights(paths: paths)
        if let adapter { weights = try LoadedWeights(weights, adapter: adapter) }
        loaded(weights.loadSeconds)
        try Task.checkCancellation()
        let prompt = try render(question, weights.tokenizer)
        let batch = try GenerationBatch(
            model: weights.model,
            tokenizer: weights.tokenizer,
            maxSequences: 1,
            cacheBytes: GenerationBatch.cacheBytes(ofOneContext: weights.model)
        )
        let ends = facts.template?.endOfTurn.flatMap { weights.tokenizer.specialToken($0) }
        try batch.admit(
            key: 0,
            GenerationRequest(
                promptTokens: prompt.tokens,
                maxTokens: question.maxTokens,
                sampling: sampling,
                seed: question.seed,
                stopStrings: question.stop,
                stopTokens: question.isRaw ? [] : Set([ends].compactMap { $0 })
            ),
            seeds: [question.seed]
        )
        var result: Result<Generation, InferenceError>?
        while result == nil {
            try Task.checkCancellation()
            let isRunning = batch.step { event in
                switch event {
                case .token(_, _, _, let text): if !text.isEmpty { piece(text) }
                case .ended(_, _, let generation): result = .success(generation)
                case .failed(_, let error): result = .failure(error)
                }
            }
            if !isRunning { break }
        }
        guard let generation = try result?.get() else { throw CancellationError() }
        return LocalAnswer(generation, prompt: prompt.text, loadSeconds: weights.loadSeconds, seed: question.seed)
    }

    /// What goes to the model: the text itself, or a conversation through the file's own template. What the question says
    /// is never read as special tokens.
    private func render(_ question: Question, _ tokenizer: Tokenizer) throws -> (tokens: [Int], text: String) {
        guard !question.isRaw, let template else {
            let text = (question.system.map { $0 + "\n\n" } ?? "") + question.text
            return (tokenizer.encode([TextPart(text, specials: .plainText)], addsBoundaries: true).tokens, text)
        }
        func spelling(_ id: Int?) -> String { id.map { tokenizer.shown([$0]) } ?? "" }
        let rendered = try ChatTemplate(template).render(
            TemplateConversation(
                messages: (question.system.map { [.message(role: "system", content: $0)] } ?? [])
                    + [.message(role: "user", content: question.text)],
                now: TemplateTime(secondsSince1970: question.secondsSince1970),
                bosToken: spelling(tokenizer.facts.beginning),
                eosToken: spelling(tokenizer.facts.end)
            )
        )
        let parts = rendered.parts.map { TextPart($0.text, specials: $0.isConversation ? .plainText : .parsed) }
        var tokens = tokenizer.encode(parts, addsBoundaries: true).tokens
        // A text that is to be continued has not ended.
        if let final = tokenizer.finalToken, tokens.last == final { tokens.removeLast() }
        return (tokens, rendered.string)
    }
}

/// What a model file answered.
public struct LocalAnswer: Hashable, Sendable, Encodable {
    /// The text.
    public let text: String
    /// What went to the model.
    public let prompt: String
    /// The token ids of the answer.
    public let tokens: [Int]
    /// Why it ended: `stop` or `length`.
    public let finish: String
    /// The seed of its random choices.
    public let seed: UInt64
    /// Tokens of the prompt.
    public let promptTokens: Int
    /// Seconds to load the weights.
    public let loadSeconds: Double
    /// Seconds to the first token; nil when there was none.
    public let firstTokenSeconds: Double?
    /// Tokens in a second after the first; nil with fewer than two.
    public let tokensPerSecond: Double?
    /// The version of the engine's numerics.
    public let numerics: Int

    init(_ generation: Generation, prompt: String, loadSeconds: Double, seed: UInt64) {
        text = generation.text
        self.prompt = prompt
        tokens = generation.tokens.map(\.id)
        finish = generation.finishReason.rawValue
        self.seed = seed
        promptTokens = generation.promptTokenCount
        self.loadSeconds = loadSeconds
        firstTokenSeconds = generation.secondsToFirstToken
        tokensPerSecond = generation.secondsPerOutputToken.flatMap { $0 > 0 ? 1 / $0 : nil }
        numerics = EngineIdentity.numerics
    }
}
