import Inference
public import RegistryTypes
import Tokenizers
public import UserDocuments

/// A release ready to answer: weights, prompt and settings. Immutable.
public struct LoadedRelease: Sendable {
    /// The weights.
    public let weights: LoadedWeights
    /// The prompt.
    public let prompt: PromptDocument
    /// How tokens are chosen.
    public let decoding: DecodingSettings
    let sampling: SamplingSettings

    /// The most tokens of a prompt and its answer together.
    public var contextLength: Int { weights.contextLength }

    /// Puts weights, prompt and settings together.
    ///
    /// - Throws: `InferenceError.invalidSetting` for settings out of range; ``ReleaseRuntimeError/unknownSpecialToken(_:prompt:)``
    ///   when the prompt's format uses one that the tokenizer does not know.
    public init(weights: LoadedWeights, prompt: PromptDocument, decoding: DecodingSettings) throws {
        self.weights = weights
        self.prompt = prompt
        self.decoding = decoding
        sampling = try SamplingSettings(decoding)
        for token in prompt.format.specialTokens where weights.tokenizer.specialToken(token) == nil {
            throw ReleaseRuntimeError.unknownSpecialToken(token, prompt: prompt.name)
        }
    }

    /// The token ids of the prompt with these values.
    ///
    /// Text of the prompt's author may hold special tokens; a value never does, whatever it spells.
    /// - Throws: `PromptError` for missing, unknown or too long variables;
    ///   ``ReleaseRuntimeError/promptTooLong(tokens:contextLength:)``.
    public func render(_ variables: [String: String]) throws -> [Int] {
        try tokens(of: prompt.segments(variables))
    }

    /// The bytes of a token itself, for a special one its spelling; none for ids that the tokenizer does not have.
    public func tokenBytes(of token: Int) -> [UInt8] { weights.tokenizer.bytes(of: token) }

    /// A text in this release's tokens, as an answer would be; it never spells special tokens.
    public func tokens(of text: String) -> [Int] {
        weights.tokenizer.encode([TextPart(text, specials: .plainText)], isContinuation: true).tokens
    }

    /// The token ids of a text in pieces.
    func tokens(of segments: [PromptSegment]) throws(ReleaseRuntimeError) -> [Int] {
        let tokenizer = weights.tokenizer
        // A text that cannot fit is not worth the time to split it.
        let bytes = segments.reduce(0) { $0 + $1.text.utf8.count }
        let minTokens = bytes / tokenizer.longestToken
        guard minTokens < contextLength else { throw .promptTooLong(tokens: minTokens, contextLength: contextLength) }
        let parts = segments.map { segment in
            switch segment {
            case .literal(let text): TextPart(text, specials: .parsed)
            case .value(let text): TextPart(text, specials: .plainText)
            }
        }
        let tokens = tokenizer.encode(parts, addsBoundaries: true).tokens
        guard tokens.count < contextLength else {
            throw .promptTooLong(tokens: tokens.count, contextLength: contextLength)
        }
        return tokens
    }

    /// The token ids of what a request asks.
    ///
    /// - Throws: as for values and for messages.
    func render(_ input: AnswerRequest.Input) throws -> [Int] {
        switch input {
        case .variables(let values): try render(values)
        case .messages(let messages): try render(messages)
        }
    }

    /// What to generate for a request.
    func generation(_ request: AnswerRequest) throws -> GenerationRequest {
        let endOfAnswer = prompt.format.endOfAnswer.flatMap { weights.tokenizer.specialToken($0) }
        return GenerationRequest(
            promptTokens: try render(request.input),
            maxTokens: decoding.maxTokens,
            sampling: sampling,
            seed: request.seed,
            stopStrings: decoding.stop,
            stopTokens: Set([endOfAnswer].compactMap { $0 }),
            alternatives: request.alternatives
        )
    }
}

// MARK: - Messages

extension LoadedRelease {
    /// The token ids of a conversation in the format of the release's prompt, up to where the answer begins.
    ///
    /// The system messages at the beginning of the prompt belong to the release and come first, unless the conversation
    /// has a system message of its own. What the messages say is never read as special tokens.
    /// - Throws: ``ReleaseRuntimeError/noMessageFormat(prompt:)``, ``ReleaseRuntimeError/noMessages``,
    ///   ``ReleaseRuntimeError/messagesNeedVariable(_:prompt:)``, ``ReleaseRuntimeError/promptTooLong(tokens:contextLength:)``
    ///   or `PromptError`.
    public func render(_ messages: [ChatMessage]) throws -> [Int] {
        guard prompt.format != .raw else { throw ReleaseRuntimeError.noMessageFormat(prompt: prompt.name) }
        guard !messages.isEmpty else { throw ReleaseRuntimeError.noMessages }
        let own = messages.contains { $0.role == .system } ? [] : try systemMessages()
        let sent = messages.map { RenderedMessage(role: $0.role, segments: [.value($0.text)]) }
        return try tokens(of: prompt.format.segments(of: own + sent))
    }

    /// The prompt's system messages before the first other one; optional variables stay empty.
    private func systemMessages() throws -> [RenderedMessage] {
        try prompt.messages.prefix { $0.role == .system }.map { message in
            let template = try PromptTemplate(message.text)
            for name in template.names where prompt.variables.contains(where: { $0.name == name && $0.isRequired }) {
                throw ReleaseRuntimeError.messagesNeedVariable(name, prompt: prompt.name)
            }
            return RenderedMessage(role: .system, segments: template.segments(with: [:]))
        }
    }
}

extension SamplingSettings {
    /// The settings of a release as the engine takes them.
    ///
    /// - Throws: `InferenceError.invalidSetting`.
    init(_ decoding: DecodingSettings) throws(InferenceError) {
        guard decoding.temperature != 0 else {
            self = .greedy
            return
        }
        try self.init(
            temperature: decoding.temperature,
            topK: decoding.topK ?? 0,
            topP: decoding.topP ?? 1,
            minP: decoding.minP ?? 0
        )
    }
}

extension PromptFormat {
    /// The special tokens that the format writes.
    var specialTokens: [String] {
        switch self {
        case .chatml: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .raw: []
        }
    }
}
