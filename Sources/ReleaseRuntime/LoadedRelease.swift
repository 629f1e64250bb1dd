import Inference
public import RegistryTypes
import Tokenizers
public import UserDocuments

/// A release ready to answer: weights, prompt and settings. Immutable.
public struct LoadedRelease: Sendable {
    /// The weights.
    public let weights: LoadedWeights
    /// How tokens are chosen.
    public let decoding: DecodingSettings
    /// How what is asked becomes tokens.
    public let renderer: PromptRenderer
    let sampling: SamplingSettings

    /// The prompt.
    public var prompt: PromptDocument { renderer.prompt }
    /// How many tokens the model knows: their ids are less.
    public var tokenCount: Int { weights.tokenizer.size }
    /// The most tokens that a prompt and its answer may have together, the answer's last one not counted: nothing comes
    /// after it, so that it is never read.
    public var contextLength: Int { weights.contextLength }

    /// Puts weights, prompt and settings together.
    ///
    /// - Throws: `InferenceError.invalidSetting` for settings out of range; ``ReleaseRuntimeError``: `unknownSpecialToken`
    ///   when the prompt's format uses one that the tokenizer does not know, `noTemplate` when it is the model file's own
    ///   template and that cannot be used.
    public init(weights: LoadedWeights, prompt: PromptDocument, decoding: DecodingSettings) throws {
        self.weights = weights
        self.decoding = decoding
        sampling = try SamplingSettings(decoding)
        renderer = try PromptRenderer(prompt, weights.text)
    }

    /// The token ids of the prompt with these values.
    ///
    /// Text of the prompt's author may hold special tokens; a value never does, whatever it spells.
    /// - Throws: as ``PromptRenderer/render(_:at:)``.
    public func render(_ variables: [String: String], at time: Timestamp = AnswerRequest.untimed) throws -> [Int] {
        try renderer.render(.variables(variables), at: time).tokens
    }

    /// The token ids of what a request of a traffic set asks, up to where the answer begins.
    ///
    /// - Throws: as ``PromptRenderer/render(_:at:)``.
    public func render(_ content: TrafficRequest.Content, at time: Timestamp) throws -> [Int] {
        try renderer.render(AnswerRequest.Input(content), at: time).tokens
    }

    /// The token ids of a conversation in the format of the release's prompt, up to where the answer begins.
    ///
    /// - Throws: as ``PromptRenderer/render(_:at:)``.
    public func render(_ messages: [ChatMessage], at time: Timestamp = AnswerRequest.untimed) throws -> [Int] {
        try renderer.render(.messages(messages), at: time).tokens
    }

    /// The bytes of a token itself, for a special one its spelling; none for ids that the tokenizer does not have.
    public func tokenBytes(of token: Int) -> [UInt8] { weights.tokenizer.bytes(of: token) }

    /// A text in this release's tokens, as an answer would be; it never spells special tokens.
    public func tokens(of text: String) -> [Int] {
        weights.tokenizer.encode([TextPart(text, specials: .plainText)], isContinuation: true).tokens
    }

    /// Whether the prompt is written by a template that lists tools.
    public var takesTools: Bool { renderer.takesTools }

    /// What to generate for a request, and how its answers are taken apart.
    func generation(_ request: AnswerRequest) throws -> (GenerationRequest, AnswerShape) {
        let rendered = try renderer.render(request)
        let shape = renderer.shape(rendered, tools: request.tools)
        let generation = GenerationRequest(
            promptTokens: rendered.tokens,
            maxTokens: decoding.maxTokens,
            sampling: sampling,
            seed: request.seed,
            stopStrings: decoding.stop,
            stopTokens: Set([weights.text.endOfTurn(in: prompt.format)].compactMap { $0 }),
            alternatives: request.alternatives,
            spelledTokens: weights.text.spelledTokens(shape)
        )
        return (generation, shape)
    }
}

extension SamplingSettings {
    /// The settings of a release as the engine takes them.
    ///
    /// - Throws: `InferenceError.invalidSetting`.
    init(_ decoding: DecodingSettings) throws(InferenceError) {
        try self.init(
            temperature: decoding.temperature,
            topK: decoding.topK ?? 0,
            topP: decoding.topP ?? 1,
            minP: decoding.minP ?? 0,
            typicalP: decoding.typicalP ?? 1,
            penalties: TokenPenalties(
                repetition: decoding.repetitionPenalty ?? 1,
                frequency: decoding.frequencyPenalty ?? 0,
                presence: decoding.presencePenalty ?? 0
            ),
            logitBias: decoding.logitBias ?? [:]
        )
    }
}
