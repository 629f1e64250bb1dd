import Inference
public import RegistryTypes
public import UserDocuments

/// A release ready to answer: weights, prompt and settings. Immutable; make one worker for each thread.
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
    /// - Throws: `InferenceError.invalidSetting` for settings out of range; ``ReleaseRuntimeError/unknownMark(_:prompt:)``
    ///   when the prompt's format uses a mark that the tokenizer does not know.
    public init(weights: LoadedWeights, prompt: PromptDocument, decoding: DecodingSettings) throws {
        self.weights = weights
        self.prompt = prompt
        self.decoding = decoding
        sampling = try SamplingSettings(decoding)
        for mark in prompt.format.marks where weights.tokenizer.specialToken(mark) == nil {
            throw ReleaseRuntimeError.unknownMark(mark, prompt: prompt.name)
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

    /// The bytes of a token itself, for a mark its spelling; none for ids that the tokenizer does not have.
    public func tokenBytes(of token: Int) -> [UInt8] { weights.tokenizer.bytes(of: token) }

    /// A text in this release's tokens, as an answer would be; it never spells special tokens.
    public func tokens(of text: String) -> [Int] { weights.tokenizer.encode(text, specials: .plainText) }

    /// Runs a token through all weights on a thread of its own, so that the first request finds them in memory.
    ///
    /// - Throws: `InferenceError`: for weights that give no numbers, or without memory.
    public func warm() async throws {
        try await ReleaseWorker(self).warm()
    }

    /// The token ids of a text in pieces.
    func tokens(of segments: [PromptSegment]) throws(ReleaseRuntimeError) -> [Int] {
        let tokenizer = weights.tokenizer
        // A text that cannot fit is not worth the time to split it.
        let bytes = segments.reduce(0) { $0 + $1.text.utf8.count }
        let least = bytes / tokenizer.longestToken
        guard least < contextLength else { throw .promptTooLong(tokens: least, contextLength: contextLength) }
        var tokens = tokenizer.beginningToken.map { [$0] } ?? []
        for segment in segments {
            switch segment {
            case .literal(let text): tokens += tokenizer.encode(text, specials: .parsed)
            case .value(let text): tokens += tokenizer.encode(text, specials: .plainText)
            }
        }
        guard tokens.count < contextLength else {
            throw .promptTooLong(tokens: tokens.count, contextLength: contextLength)
        }
        return tokens
    }

    /// What to generate for these values.
    func request(_ variables: [String: String], seed: UInt64) throws -> GenerationRequest {
        request(try render(variables), decoding, sampling, seed: seed)
    }

    /// What to generate for a live request.
    func request(_ live: ServingRequest) throws -> GenerationRequest {
        let tokens =
            switch live.input {
            case .variables(let values): try render(values)
            case .messages(let messages): try render(messages)
            }
        var request = request(tokens, live.decoding, try SamplingSettings(live.decoding), seed: live.seed)
        request.alternatives = live.alternatives
        return request
    }

    private func request(
        _ tokens: [Int],
        _ decoding: DecodingSettings,
        _ sampling: SamplingSettings,
        seed: UInt64
    ) -> GenerationRequest {
        let endOfAnswer = prompt.format.endOfAnswer.flatMap { weights.tokenizer.specialToken($0) }
        return GenerationRequest(
            promptTokens: tokens,
            maxTokens: decoding.maxTokens,
            sampling: sampling,
            seed: seed,
            stopStrings: decoding.stop,
            stopTokens: Set([endOfAnswer].compactMap { $0 })
        )
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
    var marks: [String] {
        switch self {
        case .chatml: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .raw: []
        }
    }
}
